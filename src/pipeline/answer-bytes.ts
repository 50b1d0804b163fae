import { WrittenData } from '../execution/written-data.ts';

/** Bytes of the body of an answer, at most. */
export const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** The body of an answer before it is written, in the order in which it is. */
export interface AnswerParts {
  readonly errors?: readonly unknown[];
  readonly data?: unknown;
  readonly extensions?: unknown;
}

/** Writes an answer as JSON; undefined when that would have more than `maxBytes` bytes, mostly before it is written. */
export function writeAnswer(answer: AnswerParts, maxBytes = MAX_ANSWER_BYTES): string | undefined {
  const { data } = answer;
  const written = data instanceof WrittenData ? data.text : undefined;
  const rest = written === undefined ? answer : { errors: answer.errors, extensions: answer.extensions };
  if (countCharacters(rest, maxBytes) > maxBytes) return undefined;
  const text = written === undefined ? JSON.stringify(answer) : writeAround(written, answer);
  // A character has up to three bytes.
  if (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes) return undefined;
  return text;
}

/** The same as `JSON.stringify` makes of the answer with its data as a tree. */
function writeAround(data: string, { errors, extensions }: AnswerParts): string {
  const before = errors === undefined ? '{"data":' : `{"errors":${JSON.stringify(errors)},"data":`;
  return extensions === undefined
    ? `${before}${data}}`
    : `${before}${data},"extensions":${JSON.stringify(extensions)}}`;
}

/** A lower bound for the length of a value's JSON, without writing it. It stops soon after `enough`. */
function countCharacters(value: unknown, enough: number): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 1;
  let count = 2;
  if (Array.isArray(value)) {
    for (const item of value) {
      count += countCharacters(item, enough - count);
      if (count > enough) return count;
    }
    return count;
  }
  // Results have no prototype, and errors are presented before: whatever is enumerable is written.
  for (const key in value) {
    const inside: unknown = Reflect.get(value, key);
    if (inside === undefined) continue;
    count += key.length + 3 + countCharacters(inside, enough - count);
    if (count > enough) return count;
  }
  return count;
}
