/** Bytes of the body of an answer, at most. */
export const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** Writes an answer as JSON; undefined when that would have more than `maxBytes` bytes, mostly before it is written. */
export function writeAnswer(answer: object, maxBytes = MAX_ANSWER_BYTES): string | undefined {
  if (countCharacters(answer, maxBytes) > maxBytes) return undefined;
  const text = JSON.stringify(answer);
  // A character has up to three bytes.
  if (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes) return undefined;
  return text;
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
