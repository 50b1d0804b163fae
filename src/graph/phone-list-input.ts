import type { PhoneFilterInput, TextFilterInput } from '../paging/phone-filter.ts';
import { builder } from './builder.ts';

const PhoneTextFilterRef = builder.inputRef<TextFilterInput>('PhoneTextFilter').implement({
  description:
    'What a text of a phone has to be like. Of several conditions all must hold. Texts are compared as people type them: upper and lower case, accents and the width of letters do not matter. A field that is null meets no condition but `isNull: true`.',
  fields: (t) => ({
    equals: t.string({
      description:
        'The whole text. An account is compared letter by letter, since two may differ in case alone; a `displayNum` by its digits, so `+86 157` finds `86157`.',
    }),
    in: t.stringList({
      description: 'One of these, each compared as by `equals`. 1 to 100 texts.',
    }),
    contains: t.string({
      description:
        'A part of the text. A part that is a number is found by its digits, whatever stands between them: `157-37` finds `861573769`.',
    }),
    startsWith: t.string({ description: 'How the text begins. A number is compared as by `contains`.' }),
    isNull: t.boolean({ description: 'Whether the phone has no such text at the vendor.' }),
  }),
});

const textFilter = (what: string) => ({ type: PhoneTextFilterRef, description: what });

export const PhoneFilterRef = builder.inputRef<PhoneFilterInput>('PhoneFilter').implement({
  description:
    'Which phones of an app to list. Of several conditions all must hold; null, an empty object and an empty `text` filter nothing. Texts have up to 8192 characters.',
  fields: (t) => ({
    text: t.string({
      description:
        'For a search box: what account, name, group or number contains, compared as by `PhoneTextFilter.contains`.',
    }),
    account: t.field(textFilter('The SIP user name.')),
    phoneName: t.field(textFilter("The phone's name in the vendor's console.")),
    groupName: t.field(textFilter('The name of the group that the phone is filed under.')),
    displayNum: t.field(textFilter('The number that people see when the phone calls them.')),
  }),
});

const PhoneOrderFieldRef = builder.enumType('PhoneOrderField', {
  description:
    'What phones can be ordered by. Names and numbers are put as people count, `sip-2` before `sip-10`, whatever their case and accents; what is equal then is ordered by account.',
  values: {
    ACCOUNT: { value: 'account', description: 'The SIP user name.' },
    PHONE_NAME: { value: 'phoneName', description: "The phone's name in the vendor's console." },
    GROUP_NAME: { value: 'groupName', description: 'The name of its group.' },
    DISPLAY_NUM: { value: 'displayNum', description: 'The number that people see when it calls.' },
  } as const,
});

const PhoneOrderDirectionRef = builder.enumType('PhoneOrderDirection', {
  description: 'Which way an order goes.',
  values: {
    ASC: { value: 'asc', description: 'Upwards; phones without the text come last.' },
    DESC: { value: 'desc', description: 'Downwards, the exact reverse: phones without the text come first.' },
  } as const,
});

export const PhoneOrderRef = builder.inputType('PhoneOrder', {
  description: 'The order of a list of phones.',
  fields: (t) => ({
    field: t.field({ type: PhoneOrderFieldRef, description: 'What to order by.', required: true }),
    direction: t.field({
      type: PhoneOrderDirectionRef,
      description: 'Which way.',
      required: true,
      defaultValue: 'asc',
    }),
  }),
});
