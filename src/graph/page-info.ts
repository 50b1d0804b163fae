import type { WindowPageInfo } from '../phones/phones.ts';
import { builder } from './builder.ts';

export const PageInfoRef = builder.objectRef<WindowPageInfo>('PageInfo').implement({
  description: 'Where a page of a connection stands, and how to go on from it.',
  directives: [{ name: 'shareable', args: {} }],
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      description: 'Whether more items follow after this page. Exact, whichever way the client pages.',
      nullable: false,
    }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description: 'Whether items come before this page. Exact, whichever way the client pages.',
      nullable: false,
    }),
    startCursor: t.exposeString('startCursor', {
      description:
        'The cursor of the first item: pass it as `before` to page backwards. Go on with the newest one that was received; it is written anew when the list changes. Null when the page is empty.',
    }),
    endCursor: t.exposeString('endCursor', {
      description:
        'The cursor of the last item: pass it as `after` to page forwards. Go on with the newest one that was received; it is written anew when the list changes. Null when the page is empty.',
    }),
  }),
});
