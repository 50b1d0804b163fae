import type { PageCursor, PhoneList } from './queries.ts';
import type { View } from './use-phones.ts';

interface PageBarProps {
  readonly list: PhoneList;
  readonly onGo: (place: Pick<View, 'after' | 'before'>) => void;
}

/**
 * Page numbers, such as 1 … 4 [5] 6 … 20, which count positions in the list as it is now. The two buttons beside them go on
 * from the phones on the screen: nothing is missed or shown twice when others come and go.
 */
export function PageBar({ list: { pageCursors, pageInfo }, onGo }: PageBarProps) {
  const { first, around, last } = pageCursors;
  const { hasPreviousPage, hasNextPage, startCursor, endCursor } = pageInfo;
  const numbers = around.map(({ pageNumber }) => pageNumber);
  const hasGapBefore = first !== null && !numbers.includes(first.pageNumber);
  const hasGapBehind = last !== null && !numbers.includes(last.pageNumber);
  if (around.length < 2 && !hasPreviousPage && !hasNextPage) return null;
  const button = (page: PageCursor) => (
    <button
      type="button"
      key={page.pageNumber}
      aria-label={`Page ${page.pageNumber}`}
      aria-current={page.isCurrent ? 'page' : undefined}
      onClick={() => onGo({ after: page.cursor, before: undefined })}
    >
      {page.pageNumber}
    </button>
  );
  return (
    <nav aria-label="Pages" class="pages">
      <button
        type="button"
        disabled={!hasPreviousPage}
        onClick={() => startCursor !== null && onGo({ after: undefined, before: startCursor })}
      >
        Previous
      </button>
      {hasGapBefore && button(first)}
      {hasGapBefore && <span aria-hidden="true">…</span>}
      {around.map(button)}
      {hasGapBehind && <span aria-hidden="true">…</span>}
      {hasGapBehind && button(last)}
      <button
        type="button"
        disabled={!hasNextPage}
        onClick={() => endCursor !== null && onGo({ after: endCursor, before: undefined })}
      >
        Next
      </button>
    </nav>
  );
}
