import type { Phone } from '../domain/phone.ts';
import { foldText } from './fold.ts';
import { BETWEEN_FIELDS, type SearchableRow } from './phone-filter.ts';
import { keyOf, PHONE_FIELDS, type PhoneField } from './phone-order.ts';

/** What the first filter asks of each phone, made page by page while the list is being read: nobody waits for it then. */
export interface PreparedTexts {
  prepare(phones: readonly Phone[]): void;
  /** What was made of a row, or is made now. */
  get(phone: Phone): PreparedRow;
}

export interface PreparedRow {
  /** @see SearchableRow.allFolded */
  readonly allFolded: string;
  /** The start of its account's sort key. */
  readonly accountKey: string | null;
}

export function createPreparedTexts(): PreparedTexts {
  const known = new Map<Phone, PreparedRow>();
  return {
    prepare(phones) {
      for (const phone of phones) known.set(phone, prepareRow(phone));
    },
    get: (phone) => known.get(phone) ?? prepareRow(phone),
  };
}

function prepareRow(phone: Phone): PreparedRow {
  return { allFolded: joinFields(phone), accountKey: keyOf(phone, 'account') };
}

/** The texts of a list in the forms in which they are compared, by row. */
export interface SearchTexts {
  /** One row: the same object for all of them, good until the next is asked for. */
  at(row: number): SearchableRow;
}

/** @param prepared of each row. */
export function createSearchTexts(phones: readonly Phone[], prepared: readonly PreparedRow[]): SearchTexts {
  let phone: Phone | undefined;
  let all = '';

  const current: SearchableRow = {
    exact: (field) => phone?.[field] ?? null,
    folded(field) {
      const text = phone?.[field] ?? null;
      return text === null ? null : (findField(all, field) ?? foldText(text));
    },
    allFolded: () => all,
  };

  return {
    at(row) {
      const found = phones[row];
      const texts = prepared[row];
      if (found === undefined || texts === undefined) throw new RangeError(`A list has no row ${row}.`);
      phone = found;
      all = texts.allFolded;
      return current;
    },
  };
}

/** The text of a field among those of all; undefined where one of them holds what stands between them. */
function findField(allFolded: string, field: PhoneField): string | undefined {
  let start = 0;
  let found: string | undefined;
  for (const each of PHONE_FIELDS) {
    const at = allFolded.indexOf(BETWEEN_FIELDS, start);
    const end = at < 0 ? allFolded.length : at;
    if (each === field) found = allFolded.slice(start, end);
    start = end + 1;
  }
  return start > allFolded.length ? found : undefined;
}

function joinFields(phone: Phone): string {
  // Joined at once: a text that is put together bit by bit takes several times its size.
  return PHONE_FIELDS.map((field) => foldText(phone[field] ?? '')).join(BETWEEN_FIELDS);
}
