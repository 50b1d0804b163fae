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
): Promise<(Secret | null | Error)[]> {
  const { passwords } = reader;
  const unread = accounts.filter((account) => passwords.find(account) === undefined);
  const found = unread.length === 0 ? new Map() : await loadAccounts(reader, unread, { isFresh: true });
  return accounts.map((account) => {
    const password = passwords.find(account);
    if (password !== undefined) return password;
    const failure = found.get(account);
    return failure instanceof Error ? failure : null;
  });
}
