/** Characters by which a spreadsheet takes a cell for a formula. */
const FORMULA_START = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

/**
 * Writes one line of CSV (RFC 4180), with its line end. Null is an empty cell. A cell that a spreadsheet would take for a
 * formula gets an apostrophe in front, which marks it as text there.
 */
export function writeCsvLine(cells: readonly (string | null)[]): string {
  return `${cells.map(writeCell).join(',')}\r\n`;
}

function writeCell(text: string | null): string {
  if (text === null) return '';
  const cell = FORMULA_START.test(text) ? `'${text}` : text;
  return cell === '' || NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
