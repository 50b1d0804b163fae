import type { PhoneGroup } from '../phones/phones.ts';
import { builder } from './builder.ts';

export const PhoneGroupRef = builder.objectRef<PhoneGroup>('PhoneGroup').implement({
  description:
    "The phones of an app that are filed under one name in the vendor's console. To list them, filter `phones` by `groupName`.",
  fields: (t) => ({
    name: t.exposeString('name', {
      description: 'The name of the group. Null for the phones that are in none.',
    }),
    phoneCount: t.exposeInt('phoneCount', {
      description: 'How many phones it has.',
      nullable: false,
    }),
  }),
});
