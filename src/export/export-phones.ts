import type { Phone } from '../domain/phone.ts';
import type { Secret } from '../domain/secret.ts';
import { writeCsvLine } from './csv.ts';
import type { ExportFormat } from './export-options.ts';

const COLUMNS = ['account', 'phoneName', 'groupName', 'displayNum'] as const;

/**
 * Writes phones as text, a line each.
 * @param passwords by account, where they are to be written as well. Null where the vendor has none.
 */
export function* writePhones(
  phones: Iterable<Phone>,
  format: ExportFormat,
  passwords?: ReadonlyMap<string, Secret | null>,
): Generator<string> {
  const withPasswords = passwords !== undefined;
  if (format === 'csv') yield writeCsvLine([...COLUMNS, ...(withPasswords ? ['password'] : [])]);
  for (const phone of phones) {
    const { account, phoneName, groupName, displayNum } = phone;
    const password = passwords?.get(account)?.reveal() ?? null;
    yield format === 'csv'
      ? writeCsvLine([account, phoneName, groupName, displayNum, ...(withPasswords ? [password] : [])])
      : `${JSON.stringify({ account, phoneName, groupName, displayNum, ...(withPasswords ? { password } : {}) })}\n`;
  }
}
