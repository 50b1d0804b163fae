/** Formats rows as a table that is Markdown as well: text to the left, figures to the right. */
export function formatTable(rows: readonly Readonly<Record<string, string | number>>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const widths = names.map((name) =>
    Math.max(name.length, ...rows.map((row) => String(row[name] ?? '').length)),
  );
  const isFigure = names.map((name) =>
    rows.every((row) => typeof row[name] === 'number' || /^[\d.,]/.test(String(row[name]))),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (isFigure[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (isFigure[i] ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`;
  return [line(names), rule, ...rows.map((row) => line(names.map((name) => String(row[name] ?? ''))))].join(
    '\n',
  );
}
