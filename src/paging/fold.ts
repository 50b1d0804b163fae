/** Most texts: they have neither marks nor forms, only case. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII.
const IS_ASCII = /^[\x00-\x7f]*$/;
const MARKS = /\p{M}+/gu;
const ZERO = 0x30;
const NINE = 0x39;
/** What people put between the digits of a number. */
const BETWEEN_DIGITS = /(?<=[0-9])[\s().+/-]+(?=[0-9])/g;
const IS_NUMBER = /^[\s().+/-]*[0-9][0-9\s().+/-]*$/;
const NO_DIGITS = /[^0-9]+/g;
/** Longest run of digits whose length is told apart; the character that holds it stays below the surrogates. */
const MAX_DIGITS = 0xd7ff;

/** Makes texts equal that differ in case, accents or width alone: NFKD, marks removed, lower case. */
export function foldText(text: string): string {
  return IS_ASCII.test(text) ? text.toLowerCase() : text.normalize('NFKD').replace(MARKS, '').toLowerCase();
}

/**
 * The text in which a number's digits are found whatever stands between them: a folded text that is a number as its
 * digits alone; in any other, digits that belong together joined, so that `tel. +86 157` becomes `tel. +86157`.
 */
export function joinDigits(folded: string): string {
  return findDigits(folded) ?? folded.replace(BETWEEN_DIGITS, '');
}

/** The digits of a folded text that is a number, such as `+86 (157) 3769`. */
export function findDigits(folded: string): string | undefined {
  return IS_NUMBER.test(folded) ? folded.replace(NO_DIGITS, '') : undefined;
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
