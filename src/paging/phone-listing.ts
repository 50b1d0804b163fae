import type { Phone } from '../domain/phone.ts';
import { BadUserInputError } from '../errors/argument-errors.ts';
import { sortKeyOf } from './fold.ts';
import type { PhoneFilter } from './phone-filter.ts';
import {
  compareAccounts,
  compareKeys,
  comparePlaces,
  keyOf,
  type PhoneField,
  type PhoneOrder,
  placeOf,
} from './phone-order.ts';
import { createPreparedTexts, createSearchTexts, type PreparedTexts } from './search-texts.ts';
import { SLICE, type Slices, sortInSlices } from './sort-in-slices.ts';
import type { ValuePlace } from './value-cursor.ts';

/** Filtered lists that are remembered: a client pages through one or two at a time. */
const MAX_LISTS = 8;

/** The rows of a filtered list in order. */
export interface OrderedRows {
  readonly length: number;
  at(position: number): Phone | undefined;
  /** Position of the first row behind a place. The row at the place itself, if it is still there, is before it. */
  positionAfter(place: ValuePlace): number;
  /** Position of the first row that is not before a place. */
  positionOf(place: ValuePlace): number;
}

/** Groups of one answer, where nothing else is asked for. */
export const DEFAULT_GROUPS = 100;
/** Most groups of one answer. */
export const MAX_GROUPS = 1000;

/** The phones that are filed under one name; under none where it is null. */
export interface PhoneGroup {
  readonly name: string | null;
  readonly phoneCount: number;
}

/** @throws {BadUserInputError} for a number of groups that is negative or over 1,000. */
export function parseGroupCount(first: number): number {
  if (first < 0) throw new BadUserInputError('first', 'must not be negative');
  if (first > MAX_GROUPS) throw new BadUserInputError('first', `must not be more than ${MAX_GROUPS}`);
  return first;
}

/** A whole list of phones that can be filtered and ordered. What was once worked out is remembered. */
export interface PhoneListing {
  readonly phones: readonly Phone[];
  list(filter: PhoneFilter, order: PhoneOrder): Slices<OrderedRows>;
  /** By name as phones are ordered by it, the phones in no group last. */
  groups(): Slices<readonly PhoneGroup[]>;
}

/** @param prepared what was made of the rows while they were read. */
export function createPhoneListing(
  phones: readonly Phone[],
  prepared: PreparedTexts = createPreparedTexts(),
): PhoneListing {
  const orders = new Map<PhoneField, Uint32Array>();
  const rowTexts = phones.map(prepared.get);
  const texts = createSearchTexts(phones, rowTexts);
  const lists = new Map<string, Uint32Array>();
  let groups: readonly PhoneGroup[] | undefined;

  /** Rows in ascending order of a field. */
  function* sort(field: PhoneField): Slices<Uint32Array> {
    const known = orders.get(field);
    if (known !== undefined) return known;
    const keys: (string | null)[] = [];
    /** Makes equal texts one object, which are compared faster: many phones share a group. */
    const interned = new Map<string | null, string | null>();
    for (const [index, phone] of phones.entries()) {
      const key = field === 'account' ? (rowTexts[index]?.accountKey ?? null) : keyOf(phone, field);
      if (!interned.has(key)) interned.set(key, key);
      keys.push(interned.get(key) ?? null);
      if (keys.length % SLICE === 0) yield;
    }
    const rows = Uint32Array.from(phones.keys());
    const sorted = yield* sortInSlices(
      rows,
      (a, b) =>
        compareKeys(keys[a] ?? null, keys[b] ?? null) ||
        compareAccounts(phones[a]?.account ?? '', phones[b]?.account ?? ''),
    );
    orders.set(field, sorted);
    return sorted;
  }

  function* filterRows(filter: PhoneFilter, field: PhoneField): Slices<Uint32Array> {
    const sorted = yield* sort(field);
    if (filter.normalForm === '') return sorted;
    const name = `${field} ${filter.normalForm}`;
    const known = lists.get(name);
    if (known !== undefined) return known;
    const found: number[] = [];
    for (let index = 0; index < sorted.length; index++) {
      const row = sorted[index] ?? 0;
      if (filter.matches(texts.at(row))) found.push(row);
      if (index % SLICE === 0) yield;
    }
    const rows = Uint32Array.from(found);
    const [oldest] = lists.keys();
    if (lists.size >= MAX_LISTS && oldest !== undefined) lists.delete(oldest);
    lists.set(name, rows);
    return rows;
  }

  return {
    phones,
    *groups() {
      if (groups !== undefined) return groups;
      const counts = new Map<string | null, number>();
      for (const { groupName } of phones) counts.set(groupName, (counts.get(groupName) ?? 0) + 1);
      const found = [...counts].map(([name, phoneCount]) => ({
        name,
        phoneCount,
        key: name === null ? null : sortKeyOf(name),
      }));
      const sorted = yield* sortInSlices(
        Uint32Array.from(found, (_, index) => index),
        (a, b) => compareGroups(found[a], found[b]),
      );
      groups = Array.from(sorted, (index) => found[index])
        .filter((group) => group !== undefined)
        .map(({ name, phoneCount }) => ({ name, phoneCount }));
      return groups;
    },
    *list(filter, { field, direction }) {
      const rows = yield* filterRows(filter, field);
      const { length } = rows;
      const isAscending = direction === 'asc';
      const at = (position: number) => phones[rows[isAscending ? position : length - 1 - position] ?? -1];
      /** Rows before a place; with `orAt` the row at the place counts as well. */
      const countBefore = (place: ValuePlace, orAt: boolean): number => {
        if (place === 'start') return 0;
        let lo = 0;
        let hi = length;
        while (lo < hi) {
          const middle = (lo + hi) >> 1;
          const phone = at(middle);
          const ascending = phone === undefined ? 0 : comparePlaces(placeOf(phone, field), place);
          const side = isAscending ? ascending : -ascending;
          if (side < 0 || (orAt && side === 0)) lo = middle + 1;
          else hi = middle;
        }
        return lo;
      };
      return {
        length,
        at,
        positionAfter: (place) => countBefore(place, true),
        positionOf: (place) => countBefore(place, false),
      };
    },
  };
}

interface NamedKey {
  readonly name: string | null;
  readonly key: string | null;
}

/** By key, null last; names that differ in case or accents alone by code unit. */
function compareGroups(a: NamedKey | undefined, b: NamedKey | undefined): number {
  const [nameOfA, nameOfB] = [a?.name ?? null, b?.name ?? null];
  return compareKeys(a?.key ?? null, b?.key ?? null) || compareKeys(nameOfA, nameOfB);
}
