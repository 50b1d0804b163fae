/** Most texts are ASCII: they need no normalization. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII.
const IS_ASCII = /^[\x00-\x7f]*$/;
const MARKS = /\p{M}+/gu;
const ZERO = 0x30;
const NINE = 0x39;
const NO_BREAK_SPACE = 0xa0;
/** What people put between the digits of a number. */
const BETWEEN_DIGITS = /[\s().+/-]/;
/** The same as a table for code units below the digits, 1 where it matches: most texts then need no expression. */
const BELOW_DIGITS = Uint8Array.from({ length: ZERO }, (_, unit) =>
  Number(BETWEEN_DIGITS.test(String.fromCharCode(unit))),
);
/** Longer runs of digits all count as this long: the length is written as one character, below the surrogates. */
const MAX_DIGITS = 0xd7ff;

/** Makes texts equal that differ in case, accents or width alone: NFKD, marks removed, lower case. */
export function foldText(text: string): string {
  return IS_ASCII.test(text) ? text.toLowerCase() : text.normalize('NFKD').replace(MARKS, '').toLowerCase();
}

/** The digits of a folded text that is a number, such as `+86 (157) 3769`. */
export function findDigits(folded: string): string | undefined {
  let digits = '';
  let done = 0;
  for (let at = 0; at < folded.length; at++) {
    if (isDigit(folded, at)) continue;
    if (!isBetweenDigits(folded, at)) return undefined;
    digits += folded.slice(done, at);
    done = at + 1;
  }
  digits += folded.slice(done);
  return digits === '' ? undefined : digits;
}

/** Whether digits stand one after the other in a folded text, whatever stands between them. */
export function includesDigits(folded: string, digits: string): boolean {
  const first = digits.charAt(0);
  for (let at = folded.indexOf(first); at >= 0; at = folded.indexOf(first, at + 1))
    if (areDigitsAt(folded, at, digits)) return true;
  return false;
}

/** Whether a folded text begins with digits. In a number, such as `+86 157`, signs may stand before them and between them. */
export function startsWithDigits(folded: string, digits: string): boolean {
  let at = 0;
  while (isBetweenDigits(folded, at)) at++;
  return areDigitsAt(folded, at, digits) && (at === 0 || isNumber(folded));
}

/** Whether {@link findDigits} finds any. */
function isNumber(folded: string): boolean {
  let hasDigits = false;
  for (let at = 0; at < folded.length; at++) {
    if (isDigit(folded, at)) hasDigits = true;
    else if (!isBetweenDigits(folded, at)) return false;
  }
  return hasDigits;
}

function areDigitsAt(text: string, start: number, digits: string): boolean {
  let found = 0;
  for (let at = start; found < digits.length; at++) {
    if (text.length - at < digits.length - found) return false;
    if (text.charCodeAt(at) === digits.charCodeAt(found)) found++;
    else if (found === 0 || !isBetweenDigits(text, at)) return false;
  }
  return true;
}

function isBetweenDigits(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (unit < ZERO) return BELOW_DIGITS[unit] === 1;
  return unit >= NO_BREAK_SPACE && BETWEEN_DIGITS.test(text.charAt(at));
}

/**
 * Makes the text by which a text is sorted, compared by code unit: folded, each run of digits as '0', a character for
 * its length, and the digits without leading zeros, so that `sip-2` comes before `sip-10`.
 */
export function sortKeyOf(text: string): string {
  const folded = foldText(text);
  let key = '';
  let done = 0;
  for (let at = 0; at < folded.length; at++) {
    if (!isDigit(folded, at)) continue;
    key += folded.slice(done, at);
    let start = at;
    while (isDigit(folded, at + 1)) at++;
    while (start <= at && folded.charCodeAt(start) === ZERO) start++;
    done = at + 1;
    key += `0${String.fromCharCode(Math.min(done - start, MAX_DIGITS))}${folded.slice(start, done)}`;
  }
  return done === 0 ? folded : key + folded.slice(done);
}

function isDigit(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= ZERO && unit <= NINE;
}
