import { AppRef, findApp } from './app.ts';
import { assertListLength, MAX_LIST_LENGTH } from './argument.ts';
import { builder, costs, requireScope } from './builder.ts';
import { findNode } from './global-node.ts';
import { NodeRef } from './node.ts';
import { findPhone, SipPhoneRef } from './sip-phone.ts';

const APP_ID_ARGUMENT = {
  description: "The app's id at the vendor: 1 to 128 characters, none of them a control character.",
  required: true,
} as const;

/** No two subgraphs can answer `node` for each other's types: a supergraph has it hidden, or not at all. */
const SHARED_WITH_NONE = [
  { name: 'inaccessible' as const, args: {} },
  { name: 'shareable' as const, args: {} },
];

builder.queryType({
  description: 'Everything that can be read. There is nothing that can be changed.',
  fields: (t) => ({
    apps: t.field({
      type: [AppRef],
      description:
        'The apps that are served to you, in the order of the configuration. Empty where the operator lets any app id through; ask for one with `app` then.',
      nullable: false,
      resolve: (_root, _args, { apps, objects }) => {
        const served = apps.list();
        objects.spend(served.length);
        return served;
      },
    }),
    app: t.field({
      type: AppRef,
      description: 'One app, by its id at the vendor. Null when it is not served to you.',
      args: { appId: t.arg.id(APP_ID_ARGUMENT) },
      resolve: (_root, { appId }, context) => findApp(context, appId),
    }),
    sipPhone: t.field({
      type: SipPhoneRef,
      directives: [costs('vendorCall'), requireScope('phones:read')],
      description:
        'One phone, by its app and its account. Null when the app is not served to you or has no such phone.',
      args: {
        appId: t.arg.id(APP_ID_ARGUMENT),
        account: t.arg.string({
          description: 'The SIP user name of the phone, as the vendor lists it: 1 to 8,192 characters.',
          required: true,
        }),
      },
      resolve: (_root, key, context) => findPhone(context, key),
    }),
    node: t.field({
      type: NodeRef,
      description:
        'Any object, by its `id`. Null when the id is not one of this API, or its object is gone or not served to you.',
      directives: SHARED_WITH_NONE,
      args: {
        id: t.arg.id({ description: 'The `id` of the object, exactly as it was received.', required: true }),
      },
      resolve: (_root, { id }, context) => findNode(context, id, 'id'),
    }),
    nodes: t.field({
      type: [NodeRef],
      description:
        'Several objects, by their `id`s, in the same order. Null in the place of one that is not there.',
      nullable: { list: false, items: true },
      directives: [...SHARED_WITH_NONE, { name: 'listSize', args: { assumedSize: MAX_LIST_LENGTH } }],
      args: {
        ids: t.arg.idList({
          description: 'The `id`s of the objects, up to 100, each exactly as it was received.',
          required: true,
        }),
      },
      resolve: (_root, { ids }, context) => {
        assertListLength('ids', ids);
        context.objects.spend(ids.length);
        return ids.map((id) => findNode(context, id, 'ids'));
      },
    }),
  }),
});
