/** What need not be folded: ASCII without capitals. Most texts, and then no new text is made. */
const IS_FOLDED = /^[\x20-\x40\x5b-\x7e]*$/;
const MARKS = /\p{M}+/gu;
const DIGITS = /[0-9]+/g;
/** What people put between the digits of a number. */
const BETWEEN_DIGITS = /(?<=[0-9])[\s().+/-]+(?=[0-9])/g;
const IS_NUMBER = /^[\s().+/-]*[0-9][0-9\s().+/-]*$/;
const NO_DIGITS = /[^0-9]+/g;
/** Longest run of digits whose length is told apart; the character that holds it stays below the surrogates. */
const MAX_DIGITS = 0xd7ff;

/** Makes texts equal that differ in case, accents or width alone: NFKD, marks removed, lower case. */
export function foldText(text: string): string {
  return IS_FOLDED.test(text) ? text : text.normalize('NFKD').replace(MARKS, '').toLowerCase();
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
  return foldText(text).replace(DIGITS, (run) => {
    const digits = run.replace(/^0+/, '');
    return `0${String.fromCharCode(Math.min(digits.length, MAX_DIGITS))}${digits}`;
  });
}
