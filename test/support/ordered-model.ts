import { createHash } from 'node:crypto';
import type { Phone } from '../../src/domain/phone.ts';
import type { PhoneFilterInput, TextFilterInput } from '../../src/paging/phone-filter.ts';
import type { PhoneField, PhoneOrder } from '../../src/paging/phone-order.ts';

/* Filter and order once more, as short as they can be said: what the real ones are held against. */

const FIELDS = ['account', 'phoneName', 'groupName', 'displayNum'] as const;
const fold = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
const isNumber = (text: string) => /\d/.test(text) && /^[\d\s().+/-]*$/.test(text);
const digits = (text: string) => text.replace(/\D/g, '');
const join = (text: string) =>
  isNumber(text) ? digits(text) : text.replace(/(?<=\d)[\s().+/-]+(?=\d)/g, '');
const naturally = (text: string) =>
  fold(text).replace(/[0-9]+/g, (run) => {
    const bare = run.replace(/^0+/, '');
    return `0${String.fromCharCode(bare.length)}${bare}`;
  });
const has = (value: string | null, part: string) =>
  value !== null &&
  (isNumber(fold(part)) ? join(fold(value)).includes(digits(fold(part))) : fold(value).includes(fold(part)));
const starts = (value: string | null, part: string) =>
  value !== null &&
  (fold(value).startsWith(fold(part)) ||
    (isNumber(fold(part)) && join(fold(value)).startsWith(digits(fold(part)))));
const numberOf = (text: string) => (isNumber(fold(text)) ? digits(fold(text)) : fold(text));
const equal = (field: PhoneField, value: string | null, other: string) =>
  value !== null &&
  (field === 'account'
    ? value === other
    : field === 'displayNum'
      ? numberOf(value) === numberOf(other)
      : fold(value) === fold(other));

function holds(field: PhoneField, value: string | null, test: TextFilterInput): boolean {
  return (
    (test.equals == null || equal(field, value, test.equals)) &&
    (test.in == null || test.in.some((text) => equal(field, value, text))) &&
    (test.contains == null || has(value, test.contains)) &&
    (test.startsWith == null || starts(value, test.startsWith)) &&
    (test.isNull == null || (value === null) === test.isNull)
  );
}

/** The phones that a filter lets pass, in an order. */
export function listByModel(
  phones: readonly Phone[],
  filter: PhoneFilterInput,
  { field, direction }: PhoneOrder,
): Phone[] {
  const matching = phones.filter(
    (phone) =>
      (!filter.text?.trim() || FIELDS.some((each) => has(phone[each], filter.text?.trim() ?? ''))) &&
      FIELDS.every((each) => holds(each, phone[each], filter[each] ?? {})),
  );
  const rank = ({ account, ...phone }: Phone) => {
    const value = { account, ...phone }[field];
    const sha = createHash('sha256').update(account, 'utf16le').digest('hex');
    return [
      value === null ? 1 : 0,
      naturally(value ?? '').slice(0, 64),
      account.slice(0, 64),
      sha.slice(0, 32),
    ];
  };
  const sorted = matching
    .map((phone) => ({ phone, rank: rank(phone) }))
    .sort((a, b) => {
      const at = a.rank.findIndex((part, index) => part !== b.rank[index]);
      return (a.rank[at] ?? 0) < (b.rank[at] ?? 0) ? -1 : 1;
    })
    .map(({ phone }) => phone);
  return direction === 'asc' ? sorted : sorted.reverse();
}
