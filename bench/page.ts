import { readFileSync, writeFileSync } from 'node:fs';

const PAGE = new URL('../docs/performance.md', import.meta.url);
const CHART = new URL('../docs/performance.svg', import.meta.url);

const PICTURE = '![CPU per request, by task](performance.svg)';

/** Puts what was measured into docs/performance.md, between its marks, and the chart beside it. */
export function writePage(
  parts: Readonly<Record<'results' | 'promises' | 'machine', string>>,
  chart: string,
): void {
  let page = readFileSync(PAGE, 'utf8');
  for (const [name, content] of Object.entries({ ...parts, results: `${PICTURE}\n\n${parts.results}` })) {
    const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
    const from = page.indexOf(start);
    const to = page.indexOf(end);
    if (from === -1 || to < from) throw new Error(`docs/performance.md has no marks for ${name}.`);
    page = `${page.slice(0, from + start.length)}\n${content}\n${page.slice(to)}`;
  }
  writeFileSync(PAGE, page);
  writeFileSync(CHART, chart);
}
