import type { Secret } from '../domain/secret.ts';
import type { ListReader } from './list-reader.ts';
import { loadAccounts } from './load-accounts.ts';

/**
 * The passwords of phones that are known to exist, in the order asked. Kept rows have none, so a phone that this request
 * has not read itself is read again. Null where the vendor sends none, or the phone has gone meanwhile.
 */
export async function loadPasswords(
  reader: ListReader,
  accounts: readonly string[],
): Promise<(Secret | null)[]> {
  const unread = accounts.filter((account) => reader.findPassword(account) === undefined);
  if (unread.length > 0) await loadAccounts(reader, unread, { fresh: true });
  return accounts.map((account) => reader.findPassword(account) ?? null);
}
