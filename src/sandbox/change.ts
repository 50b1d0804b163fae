import {
  assertInput,
  type Check,
  InputError,
  isCount,
  isInteger,
  isObject,
  isText,
  nullOr,
} from './input.ts';
import type { Departure, SipList, SipRecordChanges } from './sip-list.ts';
import type { SipRecord } from './sip-record.ts';

/** Far above any app's phones, and far below what memory holds. */
const MAX_INSERTED = 100_000;

/** What others do to an app's phones. */
export type Change = {
  readonly appId: string;
  /** Waits for the n-th call from now, and happens just before that is answered: 1 is the next. Default: at once. */
  readonly beforeCall?: number;
} & (
  | {
      /** So many new phones, up to {@link MAX_INSERTED}, or these very ones. */
      readonly insert: number | readonly SipRecord[];
      /** Where the first one goes. Default 0. */
      readonly at?: number;
    }
  | { readonly remove: Departure }
  | {
      /** Which phones are edited. By time of update they go to the top; see the quirk `updatedFirst`. */
      readonly edit: Departure;
      readonly set: SipRecordChanges;
    }
);

const CHECKS: Readonly<Record<string, Check>> = {
  appId: [isText, 'a text'],
  beforeCall: [(value) => isInteger(value) && value >= 1, 'a whole number from 1'],
  insert: [
    (value) => (isCount(value) && value <= MAX_INSERTED) || isListOf(value, isSipRecord),
    `a number up to ${MAX_INSERTED} or a list of phones`,
  ],
  at: [isCount, 'a whole number from 0'],
  remove: [isDeparture, '{"accounts": [text]} or {"index": number, "count": number}'],
  edit: [isDeparture, '{"accounts": [text]} or {"index": number, "count": number}'],
  set: [isRecordChanges, 'an object with phoneName, groupName, displayNum or password'],
};

/** @throws {InputError} naming what is unknown, missing or of the wrong type. */
export function assertChange(input: unknown): asserts input is Change {
  if (!isObject(input)) throw new InputError('expected a JSON object');
  const { appId, insert, remove, edit, set } = input;
  if (appId === undefined) throw new InputError('appId: required');
  if ([insert, remove, edit].filter((kind) => kind !== undefined).length !== 1)
    throw new InputError('expected insert, remove or edit');
  if ((edit === undefined) !== (set === undefined)) throw new InputError('expected edit and set together');
  assertInput(input, CHECKS);
}

/**
 * Makes a change and returns the phones that came, left or were edited.
 * @param updatedFirst whether edited phones go to the top.
 */
export function applyChange(list: SipList, change: Change, updatedFirst: boolean): readonly SipRecord[] {
  if ('edit' in change) return list.edit(change.edit, change.set, updatedFirst);
  return 'insert' in change ? list.insert(change.insert, change.at) : list.remove(change.remove);
}

function isDeparture(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { accounts, index, count } = value;
  if (accounts !== undefined) return isListOf(accounts, isText);
  return isCount(index) && (count === undefined || isCount(count));
}

function isSipRecord(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { account, groupName, phoneName, password, displayNum } = value;
  const others = [groupName, phoneName, password, displayNum];
  return isText(account) && others.every((other) => other === undefined || nullOr(isText)(other));
}

function isRecordChanges(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { phoneName, groupName, displayNum, password, ...unknown } = value;
  const texts = [phoneName, groupName, displayNum, password];
  return (
    Object.keys(unknown).length === 0 && texts.every((text) => text === undefined || nullOr(isText)(text))
  );
}

function isListOf(value: unknown, test: (entry: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(test);
}
