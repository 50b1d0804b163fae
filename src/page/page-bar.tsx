import type { PageCursor, PageCursors } from './queries.ts';

/** Page numbers, such as 1 … 4 [5] 6 … 20. */
export function PageBar({ pages, onGo }: { pages: PageCursors; onGo: (after: string) => void }) {
  const { first, around, last, previous, next } = pages;
  const numbers = around.map(({ pageNumber }) => pageNumber);
  const hasGapBefore = first !== null && !numbers.includes(first.pageNumber);
  const hasGapBehind = last !== null && !numbers.includes(last.pageNumber);
  if (around.length < 2) return null;
  const button = (page: PageCursor) => (
    <button
      type="button"
      key={page.pageNumber}
      aria-label={`Page ${page.pageNumber}`}
      aria-current={page.isCurrent ? 'page' : undefined}
      onClick={() => onGo(page.cursor)}
    >
      {page.pageNumber}
    </button>
  );
  return (
    <nav aria-label="Pages" class="pages">
      <button type="button" disabled={previous === null} onClick={() => previous && onGo(previous.cursor)}>
        Previous
      </button>
      {hasGapBefore && button(first)}
      {hasGapBefore && <span aria-hidden="true">…</span>}
      {around.map(button)}
      {hasGapBehind && <span aria-hidden="true">…</span>}
      {hasGapBehind && button(last)}
      <button type="button" disabled={next === null} onClick={() => next && onGo(next.cursor)}>
        Next
      </button>
    </nav>
  );
}
