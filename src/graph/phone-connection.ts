import type { PhoneEdge, PhoneWindow } from '../phones/phones.ts';
import { builder } from './builder.ts';
import { PageCursorsRef } from './page-cursors.ts';
import { PageInfoRef } from './page-info.ts';
import { SipPhoneRef } from './sip-phone.ts';

const PhoneEdgeRef = builder.objectRef<PhoneEdge>('PhoneEdge').implement({
  description: 'A phone in its place in the list.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', {
      description:
        'Marks the place of this phone: pass it as `after` or `before` to go on from here. Opaque; it finds its phone again when others come and go. Its text then differs from the next that is received for the same phone: go on with the newest cursor, and do not compare them.',
      nullable: false,
    }),
    node: t.expose('node', { type: SipPhoneRef, description: 'The phone itself.', nullable: false }),
  }),
});

export const PhoneConnectionRef = builder.objectRef<PhoneWindow>('PhoneConnection').implement({
  description:
    "A page of an app's phones: all of them in the vendor's order, or those that a filter lets pass, in an order that was asked for.",
  fields: (t) => ({
    edges: t.field({
      type: [PhoneEdgeRef],
      description: 'The phones of this page, each with its cursor. Complete: never fewer than there are.',
      nullable: false,
      resolve: ({ edges }, _args, { objects }) => {
        objects.spend(edges.length);
        return edges;
      },
    }),
    nodes: t.field({
      type: [SipPhoneRef],
      description: 'The same phones without cursors, in the same order.',
      nullable: false,
      resolve: ({ nodes }, _args, { objects }) => {
        objects.spend(nodes.length);
        return nodes;
      },
    }),
    pageInfo: t.expose('pageInfo', {
      type: PageInfoRef,
      description: 'Where this page stands, and how to go on from it.',
      nullable: false,
    }),
    totalCount: t.exposeInt('totalCount', {
      description:
        'How many phones the list has in all, whatever this page holds: those of the app, or those that the filter lets pass.',
      nullable: false,
    }),
    asOf: t.exposeString('asOf', {
      description:
        "For a list with `filter` or `orderBy`: since when it may be out of date, as ISO 8601 in UTC. It is when the oldest part of it was asked for. Null in the vendor's order, which is read anew.",
    }),
    pageCursors: t.expose('pageCursors', {
      type: PageCursorsRef,
      description:
        'For interfaces with page numbers: cursors of the pages around this one, at no further cost. Null for a page size of 0.',
    }),
  }),
});
