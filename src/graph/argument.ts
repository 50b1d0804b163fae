import { findAccountFault, findIdentifierFault } from '../domain/identifier.ts';
import { BadUserInputError } from '../errors/argument-errors.ts';

/** Most ids, accounts or representations in one list. */
export const MAX_LIST_LENGTH = 100;

/** @throws {BadUserInputError} naming the argument, when the text cannot be an app id. */
export function assertAppId(argument: string, text: string): void {
  const fault = findIdentifierFault(text);
  if (fault !== undefined) throw new BadUserInputError(argument, fault);
}

/** @throws {BadUserInputError} naming the argument, when the text cannot be an account. */
export function assertAccount(argument: string, text: string): void {
  const fault = findAccountFault(text);
  if (fault !== undefined) throw new BadUserInputError(argument, fault);
}

/** @throws {BadUserInputError} naming the argument and the index of the first text that cannot be an account. */
export function assertAccounts(argument: string, texts: readonly string[]): void {
  assertListLength(argument, texts);
  for (const [index, text] of texts.entries()) {
    const fault = findAccountFault(text);
    if (fault !== undefined)
      throw new BadUserInputError(argument, `${fault} (item ${index}, counted from 0)`);
  }
}

/** @throws {BadUserInputError} naming the argument, when the list is longer than {@link MAX_LIST_LENGTH}. */
export function assertListLength(argument: string, list: readonly unknown[]): void {
  if (list.length > MAX_LIST_LENGTH)
    throw new BadUserInputError(
      argument,
      `must not have more than ${MAX_LIST_LENGTH} items; it has ${list.length}`,
    );
}
