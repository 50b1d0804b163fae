import type { Phone } from '../domain/phone.ts';
import { foldText, joinDigits } from './fold.ts';
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
  return { allFolded: joinFields(phone, foldText), accountKey: keyOf(phone, 'account') };
}

/** The texts of a list in the forms in which they are compared. Each is made when it is first asked for, and once. */
export interface SearchTexts {
  /** One row: the same object for all of them, good until the next is asked for. */
  at(row: number): SearchableRow;
}

/** Null where the field is; undefined where nobody has asked yet. */
type Column = (string | null | undefined)[];
type Columns = Partial<Record<PhoneField, Column>>;

/** @param prepared of each row. */
export function createSearchTexts(phones: readonly Phone[], prepared: readonly PreparedRow[]): SearchTexts {
  const folded: Columns = {};
  const joined: Columns = {};
  const allJoined: Column = [];
  let row = 0;
  let phone: Phone | undefined;

  const current: SearchableRow = {
    exact: (field) => phone?.[field] ?? null,
    folded: (field) => remember(folded, field, phone?.[field] ?? null, foldText),
    joined: (field) => remember(joined, field, current.folded(field), joinDigits),
    allFolded: () => prepared[row]?.allFolded ?? '',
    allJoined() {
      allJoined[row] ??= phone === undefined ? '' : joinFields(phone, (text) => joinDigits(foldText(text)));
      return allJoined[row] ?? '';
    },
  };

  function remember(
    columns: Columns,
    field: PhoneField,
    text: string | null,
    make: (text: string) => string,
  ): string | null {
    if (text === null) return null;
    columns[field] ??= [];
    const column = columns[field];
    column[row] ??= make(text);
    return column[row] ?? null;
  }

  return {
    at(index) {
      row = index;
      phone = phones[index];
      return current;
    },
  };
}

function joinFields(phone: Phone, make: (text: string) => string): string {
  // Joined at once: a text that is put together bit by bit takes several times its size.
  return PHONE_FIELDS.map((field) => make(phone[field] ?? '')).join(BETWEEN_FIELDS);
}
