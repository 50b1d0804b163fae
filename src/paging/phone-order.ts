import { createHash } from 'node:crypto';
import type { Phone } from '../domain/phone.ts';
import { sortKeyOf } from './fold.ts';

export const PHONE_FIELDS = ['account', 'phoneName', 'groupName', 'displayNum'] as const;

/** A field that phones can be sorted and filtered by. */
export type PhoneField = (typeof PHONE_FIELDS)[number];

export interface PhoneOrder {
  readonly field: PhoneField;
  readonly direction: 'asc' | 'desc';
}

/** Units of a sort key, and of an account, that decide the order. More would make cursors too long. */
export const PLACE_LENGTH = 64;
const DIGEST_BYTES = 16;

/** Where a row stands in an order, by value: two rows of a list never share one, and a row keeps it while its field stays. */
export interface Place {
  /** The start of the field's sort key; null for a field that is null. */
  readonly key: string | null;
  /** The start of the account. */
  readonly account: string;
  /** Tells longer accounts apart: the start of the SHA-256 of the whole; '' for one that is not cut. */
  readonly digest: string;
}

export function placeOf(phone: Phone, field: PhoneField): Place {
  const { account } = phone;
  const isCut = account.length > PLACE_LENGTH;
  return {
    key: keyOf(phone, field),
    account: isCut ? account.slice(0, PLACE_LENGTH) : account,
    digest: isCut ? digestOf(account) : '',
  };
}

/** The start of the sort key of a phone's field. */
export function keyOf(phone: Phone, field: PhoneField): string | null {
  const text = phone[field];
  return text === null ? null : sortKeyOf(text).slice(0, PLACE_LENGTH);
}

/** Ascending: by key, null last, then by account. Texts are compared by code unit, on every machine alike. */
export function comparePlaces(a: Place, b: Place): number {
  return compareKeys(a.key, b.key) || compareTexts(a.account, b.account) || compareTexts(a.digest, b.digest);
}

/** Null comes last. */
export function compareKeys(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return compareTexts(a, b);
}

/** Orders phones of equal keys as {@link comparePlaces} does. */
export function compareAccounts(a: string, b: string): number {
  if (a.length <= PLACE_LENGTH && b.length <= PLACE_LENGTH) return compareTexts(a, b);
  if (a.length <= PLACE_LENGTH || b.length <= PLACE_LENGTH)
    return compareTexts(a.slice(0, PLACE_LENGTH), b.slice(0, PLACE_LENGTH)) || a.length - b.length;
  return (
    compareTexts(a.slice(0, PLACE_LENGTH), b.slice(0, PLACE_LENGTH)) || compareTexts(digestOf(a), digestOf(b))
  );
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Each byte as one character. */
function digestOf(account: string): string {
  return createHash('sha256').update(account, 'utf16le').digest().toString('latin1', 0, DIGEST_BYTES);
}
