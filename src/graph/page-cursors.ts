import type { PageCursor, PageCursors } from '../phones/phones.ts';
import { builder } from './builder.ts';

const PageCursorRef = builder.objectRef<PageCursor>('PageCursor').implement({
  description: 'A page that can be jumped to.',
  fields: (t) => ({
    pageNumber: t.exposeInt('pageNumber', {
      description: 'The number of the page, counted from 1.',
      nullable: false,
    }),
    cursor: t.exposeString('cursor', {
      description: 'Pass it as `after`, with the page size as `first`, to get this page.',
      nullable: false,
    }),
    isCurrent: t.exposeBoolean('isCurrent', {
      description: 'Whether the first phone of the answer is on this page.',
      nullable: false,
    }),
  }),
});

export const PageCursorsRef = builder.objectRef<PageCursors>('PageCursors').implement({
  description:
    'What a bar of page numbers shows, such as 1 … 4 [5] 6 … 20. It counts positions in the list as it is now; where the list changes in between, page with `endCursor` and `startCursor` to miss nothing.',
  fields: (t) => ({
    first: t.expose('first', {
      type: PageCursorRef,
      description: 'The first page. Null when the list is empty.',
    }),
    around: t.expose('around', {
      type: [PageCursorRef],
      description:
        'Up to five pages in ascending order, the current one in their middle as far as the ends of the list allow.',
      nullable: false,
    }),
    last: t.expose('last', {
      type: PageCursorRef,
      description: 'The last page. Null when the list is empty.',
    }),
    previous: t.expose('previous', {
      type: PageCursorRef,
      description: 'The page before the current one. Null on the first page.',
    }),
    next: t.expose('next', {
      type: PageCursorRef,
      description: 'The page after the current one. Null on the last page.',
    }),
  }),
});
