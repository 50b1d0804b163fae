import type { Phone } from './queries.ts';

const COLUMNS = ['account', 'phoneName', 'groupName', 'displayNum'] as const;

/** Rows for a spreadsheet, UTF-8 with the mark that makes Excel read it so. */
export function toCsv(phones: readonly Phone[]): string {
  const lines = [COLUMNS, ...phones.map((phone) => COLUMNS.map((column) => phone[column] ?? ''))];
  return `\uFEFF${lines.map((cells) => `${cells.map(quote).join(',')}\r\n`).join('')}`;
}

/** A cell that a spreadsheet would take for a formula is made a text. */
function quote(cell: string): string {
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return `"${text.replaceAll('"', '""')}"`;
}
