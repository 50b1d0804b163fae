import { readFileSync } from 'node:fs';

/** A Markdown page of this repository, as text and in parts. */
export interface Page {
  readonly text: string;
  /** The code blocks of a language, in order. */
  blocks(language: string): readonly string[];
  /** The first block of a language. @throws {RangeError} when there is none. */
  block(language: string): string;
  /** The cells of each row below a heading, without the row of titles. */
  table(heading: string): readonly (readonly string[])[];
  /** Where its links lead that stay in this repository: path, then fragment if any. */
  readonly links: readonly { readonly path: string; readonly fragment: string | undefined }[];
  /** The fragments that its headings can be linked by. */
  readonly fragments: ReadonlySet<string>;
}

export function readPage(url: URL): Page {
  const text = readFileSync(url, 'utf8');
  const prose = text.replace(/^```.*?^```/gms, '');

  const blocks = (language: string) =>
    [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, code = '']) => code);

  return {
    text,
    blocks,
    block(language) {
      const [first] = blocks(language);
      if (first === undefined) throw new RangeError(`There is no block of ${language}.`);
      return first;
    },
    table(heading) {
      const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
      return section
        .split('\n')
        .filter((line) => line.startsWith('| '))
        .slice(1)
        .map((line) =>
          line
            .slice(1, -1)
            .split('|')
            .map((cell) => cell.trim()),
        );
    },
    links: [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => {
        const [path = '', fragment] = target.split('#');
        return { path, fragment };
      }),
    fragments: new Set(
      [...prose.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replace(/[^\w\- ]/g, '')
          .replaceAll(' ', '-'),
      ),
    ),
  };
}

/** The texts in backticks of a table's cell. */
export function readCode(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}
