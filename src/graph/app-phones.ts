import { DEFAULT_GROUPS } from '../paging/phone-listing.ts';
import { DEFAULT_WINDOW_SIZE } from '../paging/window.ts';
import { AppRef } from './app.ts';
import { assertAccounts, MAX_LIST_LENGTH } from './argument.ts';
import { builder, costs, requireScope, SEMANTIC_NON_NULL } from './builder.ts';
import { PhoneConnectionRef } from './phone-connection.ts';
import { PhoneGroupRef } from './phone-group.ts';
import { PhoneFilterRef, PhoneOrderRef } from './phone-list-input.ts';
import { getPhones } from './scope.ts';
import { findPhone, SipPhoneRef } from './sip-phone.ts';
import { findWindowNeed } from './window-need.ts';

builder.objectFields(AppRef, (t) => ({
  phones: t.field({
    type: PhoneConnectionRef,
    directives: [
      costs('vendorCall'),
      {
        name: 'listSize',
        args: {
          assumedSize: DEFAULT_WINDOW_SIZE,
          slicingArguments: ['first', 'last'],
          sizedFields: ['edges', 'nodes'],
          requireOneSlicingArgument: false,
        },
      },
      requireScope('phones:read'),
      SEMANTIC_NON_NULL,
    ],
    description:
      "The app's phones, page by page. Pass `first` with `after` to page forwards, `last` with `before` to page backwards; with neither `first` nor `last` a page has 25. With neither `filter` nor `orderBy` they come in the vendor's order, and a page costs a vendor call; with either the whole list is read first, and kept for a moment. Null only beside an error that says why.",
    args: {
      first: t.arg.int({
        description: 'The size of a page read forwards, 0 to 100. Not together with `last`.',
      }),
      after: t.arg.string({
        description:
          'A cursor: the page starts after its phone. Absent, null and "" mean from the beginning.',
      }),
      last: t.arg.int({
        description: 'The size of a page read backwards, 0 to 100. Not together with `first`.',
      }),
      before: t.arg.string({
        description: 'A cursor: the page ends before its phone. Absent, null and "" mean up to the end.',
      }),
      filter: t.arg({
        type: PhoneFilterRef,
        directives: [costs('wholeList')],
        description:
          'Which phones to list; `totalCount` counts those. Without `orderBy` they come by account.',
      }),
      orderBy: t.arg({
        type: PhoneOrderRef,
        directives: [costs('wholeList')],
        description:
          'The order of the list. Cursors then hold a place in it and never expire; they go with the same `filter` and `orderBy` alone.',
      }),
    },
    resolve: (app, args, context, info) =>
      getPhones(context).loadWindow(app.appId, args, findWindowNeed(info)),
  }),
  groups: t.field({
    type: [PhoneGroupRef],
    directives: [
      {
        name: 'listSize',
        args: {
          slicingArguments: ['first'],
          requireOneSlicingArgument: false,
        },
      },
      requireScope('phones:read'),
      SEMANTIC_NON_NULL,
    ],
    description:
      'The groups that the phones of this app are filed under, by name, those in no group last. The whole list of phones is read for it, and kept for a moment. Null only beside an error.',
    nullable: { list: true, items: false },
    args: {
      first: t.arg.int({
        description: 'How many groups at most, 0 to 1000.',
        defaultValue: DEFAULT_GROUPS,
      }),
    },
    resolve: async (app, { first }, context) => {
      const groups = await getPhones(context).loadGroups(app.appId, first ?? DEFAULT_GROUPS);
      context.objects.spend(groups.length);
      return groups;
    },
  }),
  phone: t.field({
    type: SipPhoneRef,
    directives: [costs('vendorCall'), requireScope('phones:read')],
    description: 'One phone of this app, by its account. Null when the app has no such phone.',
    args: {
      account: t.arg.string({
        description: 'The SIP user name of the phone, as the vendor lists it: 1 to 8,192 characters.',
        required: true,
      }),
    },
    resolve: (app, { account }, context) => findPhone(context, { appId: app.appId, account }),
  }),
  phonesByAccount: t.field({
    type: [SipPhoneRef],
    directives: [
      { name: 'listSize', args: { assumedSize: MAX_LIST_LENGTH } },
      requireScope('phones:read'),
      SEMANTIC_NON_NULL,
    ],
    description:
      'Several phones of this app, by their accounts, in the order in which they are asked for. Null in the place of an account that the app does not have; the list itself is null only beside an error. Costs little more than asking for one.',
    nullable: { list: true, items: true },
    args: {
      accounts: t.arg.stringList({
        directives: [costs('vendorCall')],
        description:
          'The SIP user names of the phones, up to 100, each of 1 to 8,192 characters. One that breaks this fails the whole field.',
        required: true,
      }),
    },
    resolve: (app, { accounts }, context) => {
      assertAccounts('accounts', accounts);
      context.objects.spend(accounts.length);
      return accounts.map((account) => findPhone(context, { appId: app.appId, account }));
    },
  }),
}));
