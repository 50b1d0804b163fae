import { createHash } from 'node:crypto';
import { MAX_ACCOUNT_LENGTH } from '../domain/identifier.ts';
import { BadUserInputError } from '../errors/argument-errors.ts';
import { findDigits, foldText, includesDigits, startsWithDigits } from './fold.ts';
import { PHONE_FIELDS, type PhoneField } from './phone-order.ts';

/** Most texts in one `in`. */
const MAX_TEXTS = 100;

/** Longest normal form that is kept as it is. */
const MAX_NORMAL_FORM_LENGTH = 512;

/** A condition on one field, as GraphQL hands it over. What is given must all hold. */
export interface TextFilterInput {
  readonly equals?: string | null | undefined;
  readonly in?: readonly string[] | null | undefined;
  readonly contains?: string | null | undefined;
  readonly startsWith?: string | null | undefined;
  readonly isNull?: boolean | null | undefined;
}

export type PhoneFilterInput = { readonly text?: string | null | undefined } & {
  readonly [field in PhoneField]?: TextFilterInput | null | undefined;
};

/** The texts of a row in the forms in which they are compared; null where the field is. */
export interface SearchableRow {
  exact(field: PhoneField): string | null;
  /** @see foldText */
  folded(field: PhoneField): string | null;
  /** The folded texts of all fields, with {@link BETWEEN_FIELDS} between them. */
  allFolded(): string;
}

/** Stands between the fields of a row: a text that holds it is looked for in each field alone. */
export const BETWEEN_FIELDS = '\0';

/** What phones are filtered by. */
export interface PhoneFilter {
  /** The same text for filters that say the same; '' for one that lets all pass. */
  readonly normalForm: string;
  matches(row: SearchableRow): boolean;
}

export const NO_FILTER: PhoneFilter = { normalForm: '', matches: () => true };

/** A part of a filter. Equal normal forms mean equal conditions. */
interface Condition {
  readonly normalForm: readonly unknown[];
  holds(row: SearchableRow): boolean;
}

/**
 * Reads a filter. `{}`, null and an empty `text` filter nothing.
 * @throws {BadUserInputError} naming the argument, such as `filter.account.in`, for a list that is empty or has more than
 * 100 texts, and for a text that is longer than an account can be.
 */
export function parsePhoneFilter(input: PhoneFilterInput | null | undefined): PhoneFilter {
  const conditions = [
    ...parseText(input?.text?.trim()),
    ...PHONE_FIELDS.flatMap((field) => parseField(field, input?.[field] ?? {})),
  ];
  const [first, ...others] = conditions;
  if (first === undefined) return NO_FILTER;
  return {
    normalForm: shorten(JSON.stringify(conditions.map(({ normalForm }) => normalForm))),
    matches: others.length === 0 ? first.holds : (row) => conditions.every(({ holds }) => holds(row)),
  };
}

/** Filters are remembered by their normal form: a text of many long ones is known by its digest. */
function shorten(normalForm: string): string {
  return normalForm.length <= MAX_NORMAL_FORM_LENGTH
    ? normalForm
    : createHash('sha256').update(normalForm, 'utf16le').digest('base64');
}

function parseText(text: string | undefined): readonly Condition[] {
  if (!text) return [];
  const sought = readText(text, 'filter.text');
  return [
    {
      normalForm: ['text', sought.digits ?? sought.folded],
      holds: sought.folded.includes(BETWEEN_FIELDS)
        ? (row) => PHONE_FIELDS.some((field) => isIn(row.folded(field), sought))
        : (row) => isIn(row.allFolded(), sought),
    },
  ];
}

function parseField(field: PhoneField, input: TextFilterInput): readonly Condition[] {
  const argument = `filter.${field}`;
  const conditions: Condition[] = [];
  if (input.equals != null) conditions.push(equalsOneOf(field, [input.equals], `${argument}.equals`));
  if (input.in != null) {
    assertLength(input.in, `${argument}.in`);
    conditions.push(equalsOneOf(field, input.in, `${argument}.in`));
  }
  if (input.contains != null) {
    const part = readText(input.contains, `${argument}.contains`);
    conditions.push({
      normalForm: [field, 'contains', part.digits ?? part.folded],
      holds: (row) => contains(row, field, part),
    });
  }
  if (input.startsWith != null) {
    const { folded, digits } = readText(input.startsWith, `${argument}.startsWith`);
    conditions.push({
      normalForm: [field, 'startsWith', folded],
      holds(row) {
        const text = row.folded(field);
        if (text === null) return false;
        return text.startsWith(folded) || (digits !== undefined && startsWithDigits(text, digits));
      },
    });
  }
  const { isNull } = input;
  if (isNull != null)
    conditions.push({
      normalForm: [field, 'isNull', isNull],
      holds: (row) => (row.exact(field) === null) === isNull,
    });
  return conditions;
}

/** A number is equal whatever stands between its digits; accounts are equal as they are, since two may differ in case alone. */
function equalsOneOf(field: PhoneField, texts: readonly string[], argument: string): Condition {
  const read = texts.map((text) => readText(text, argument));
  const known = new Set(
    field === 'account'
      ? texts
      : read.map(({ folded, digits }) => (field === 'displayNum' ? (digits ?? folded) : folded)),
  );
  const [first, ...others] = read;
  const only = others.length === 0 ? first : undefined;
  return {
    normalForm: [field, 'equals', ...[...known].sort()],
    holds(row) {
      if (only !== undefined && !canHold(row, only)) return false;
      const text = field === 'account' ? row.exact(field) : row.folded(field);
      if (text === null) return false;
      return known.has(field === 'displayNum' ? (findDigits(text) ?? text) : text);
    },
  };
}

/** What is looked for; `digits` where it is a number. */
interface SoughtText {
  readonly folded: string;
  readonly digits: string | undefined;
}

function contains(row: SearchableRow, field: PhoneField, part: SoughtText): boolean {
  return canHold(row, part) && isIn(row.folded(field), part);
}

/** Whether a field of a row may hold a text. Most rows do not, and are told by all of their fields at once. */
function canHold(row: SearchableRow, part: SoughtText): boolean {
  return part.folded.includes(BETWEEN_FIELDS) || isIn(row.allFolded(), part);
}

/** Whatever holds a number as it is typed also holds it by its digits. */
function isIn(folded: string | null, { folded: part, digits }: SoughtText): boolean {
  if (folded === null) return false;
  return digits === undefined ? folded.includes(part) : includesDigits(folded, digits);
}

function readText(text: string, argument: string): SoughtText {
  if (text.length > MAX_ACCOUNT_LENGTH)
    throw new BadUserInputError(argument, `must not be longer than ${MAX_ACCOUNT_LENGTH} characters`);
  const folded = foldText(text);
  return { folded, digits: findDigits(folded) };
}

function assertLength(texts: readonly string[], argument: string): void {
  if (texts.length === 0) throw new BadUserInputError(argument, 'must not be empty');
  if (texts.length > MAX_TEXTS)
    throw new BadUserInputError(
      argument,
      `must not have more than ${MAX_TEXTS} items; it has ${texts.length}`,
    );
}
