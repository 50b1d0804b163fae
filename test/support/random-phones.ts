import fc from 'fast-check';
import type { Phone } from '../../src/domain/phone.ts';
import type { PhoneFilterInput, TextFilterInput } from '../../src/paging/phone-filter.ts';
import { PHONE_FIELDS, type PhoneOrder } from '../../src/paging/phone-order.ts';

/** Texts that meet each other often: in case, accents, width, separators and leading zeros. */
const text = fc.oneof(
  fc.constantFrom(
    'sip-1',
    'sip-2',
    'SIP-02',
    'sip-10',
    'Sales',
    'sales',
    'Señal',
    'senal',
    'Élan',
    'ｓｉｐ-１',
    'tel. +86 157',
    '账号',
    '😀',
    'Ⅻ',
    '007',
    '0',
    '00',
  ),
  fc.constantFrom('861573769', '+86 157-3769', '(86) 157 3769', '86', '15', '1.5', '1-5'),
  fc.string({ unit: fc.constantFrom('a', 'A', 'á', '0', '1', ' ', '-', '\u0301', '\ud83d'), maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('a', 'b').map((letter) => `${'x'.repeat(70)}${letter}`),
);

export const randomPhones: fc.Arbitrary<readonly Phone[]> = fc.uniqueArray(
  fc.record({
    appId: fc.constant('app'),
    account: text.map((account) => account || 'account'),
    phoneName: fc.option(text),
    groupName: fc.option(text),
    displayNum: fc.option(text),
  }),
  { selector: ({ account }) => account, maxLength: 30 },
);

const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 1, nil: undefined });

const textFilter: fc.Arbitrary<TextFilterInput> = fc.record({
  equals: some(text),
  in: some(fc.array(text, { minLength: 1, maxLength: 4 })),
  contains: some(text),
  startsWith: some(text),
  isNull: some(fc.boolean()),
});

/** One or two conditions, mostly: with more, nothing is left. */
export const randomFilter: fc.Arbitrary<PhoneFilterInput> = fc.oneof(
  fc.record({ text }),
  fc
    .tuple(fc.constantFrom(...PHONE_FIELDS), textFilter, fc.constantFrom(...PHONE_FIELDS), some(text))
    .map(([field, test, other, contains]) => ({ [other]: { contains }, [field]: test })),
  fc
    .tuple(
      fc.constantFrom(...PHONE_FIELDS),
      fc.constantFrom('equals', 'contains', 'startsWith' as const),
      text,
    )
    .map(([field, name, value]) => ({ [field]: { [name]: value } })),
);

export const randomOrder: fc.Arbitrary<PhoneOrder> = fc.record({
  field: fc.constantFrom(...PHONE_FIELDS),
  direction: fc.constantFrom('asc' as const, 'desc' as const),
});
