import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  findDigits,
  foldText,
  includesDigits,
  sortKeyOf,
  startsWithDigits,
} from '../../../src/paging/fold.ts';

describe('foldText', () => {
  it.each([
    ['Señal', 'senal'],
    ['ＳＩＰ', 'sip'],
    ['ﬁ', 'fi'],
    ['ÅNGSTRÖM', 'angstrom'],
    ['账号', '账号'],
    ['sip-1 ~', 'sip-1 ~'],
  ])('makes %s %s', (text, folded) => expect(foldText(text)).toBe(folded));

  it('changes nothing when it is done again', () => {
    fc.assert(
      // Letters that a later Unicode may fold in two steps do not occur in what people type.
      fc.property(fc.string({ unit: fc.constantFrom('a', 'Á', 'ß', 'ｘ', '\u0301', 'Ω', '1') }), (text) => {
        expect(foldText(foldText(text))).toBe(foldText(text));
      }),
    );
  });
});

/** A number as its digits alone; in any other text, digits joined that belong together. */
function joinDigits(folded: string): string {
  return /^[\s().+/-]*[0-9][0-9\s().+/-]*$/.test(folded)
    ? folded.replace(/[^0-9]+/g, '')
    : folded.replace(/(?<=[0-9])[\s().+/-]+(?=[0-9])/g, '');
}

describe('includesDigits', () => {
  it.each([
    ['+86 (157) 37-69', '61573', true],
    ['tel. +86 157', '6157', true],
    ['1 a 2', '12', false],
    ['1', '12', false],
    ['sip-1', '1', true],
  ])('looks into %s for %s: %p', (text, digits, isIn) => expect(includesDigits(text, digits)).toBe(isIn));
});

describe('startsWithDigits', () => {
  it.each([
    ['+86 (157) 37-69', '86157', true],
    ['+86 (157) 37-69', '6157', false],
    ['86 157 office', '86157', true],
    ['+86 157 office', '86157', false],
    ['sip-1', '1', false],
  ])('looks at %s for %s: %p', (text, digits, starts) => expect(startsWithDigits(text, digits)).toBe(starts));
});

describe('Digits that are looked for', () => {
  it('are found as they are in a text whose digits are joined', () => {
    const text = fc.string({
      unit: fc.constantFrom('1', '2', ' ', '+', '-', '(', '/', '\t', ',', 'a', '.', '\u00a0'),
      maxLength: 12,
    });
    const digits = fc.string({ unit: fc.constantFrom('1', '2'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(text, digits, (text, digits) => {
        expect(includesDigits(text, digits)).toBe(joinDigits(text).includes(digits));
        expect(startsWithDigits(text, digits)).toBe(joinDigits(text).startsWith(digits));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('findDigits', () => {
  it('knows a number by its digits and what stands between them', () => {
    expect(findDigits('+86 (157) 37-69')).toBe('861573769');
    expect(findDigits('86a')).toBeUndefined();
    expect(findDigits(' - ')).toBeUndefined();
  });
});

describe('sortKeyOf', () => {
  it('puts names as people count', () => {
    const names = ['sip-10', 'sip-2', 'Sip-1', 'sip-1b', 'sip-010', 'sip', 'sip-9999999999', 'sip-100'];
    const sorted = names
      .map((name) => [sortKeyOf(name), name])
      .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
    expect(sorted.map(([, name]) => name)).toEqual([
      'sip',
      'Sip-1',
      'sip-1b',
      'sip-2',
      'sip-10',
      'sip-010',
      'sip-100',
      'sip-9999999999',
    ]);
  });

  it('orders numbers by their value, however long they are and however many zeros lead them', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n }), fc.bigInt({ min: 0n }), fc.nat(5), (a, b, zeros) => {
        const [keyOfA, keyOfB] = [sortKeyOf(`${'0'.repeat(zeros)}${a}`), sortKeyOf(String(b))];
        expect(keyOfA < keyOfB ? -1 : keyOfA > keyOfB ? 1 : 0).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });
});
