/** A page as a page-number interface shows it. */
export interface PageCursor {
  /** From 1. */
  readonly pageNumber: number;
  /** Pass it as `after`, with the same `first`. */
  readonly cursor: string;
  readonly isCurrent: boolean;
}

/** The pages that an interface links to. All null or empty for an empty list. */
export interface PageCursors {
  readonly first: PageCursor | null;
  /** Up to five pages with the current one in their middle, as far as the ends allow. */
  readonly around: readonly PageCursor[];
  readonly last: PageCursor | null;
  /** Null on the first page. */
  readonly previous: PageCursor | null;
  /** Null on the last page. */
  readonly next: PageCursor | null;
}

const PAGES_AROUND = 5;

/**
 * @param lo position of the window's first row: the current page is the one that holds it.
 * @param size rows on a page, at least 1.
 * @param encode makes a cursor that stands at a position; page 1 follows position -1.
 */
export function planPageCursors(
  lo: number,
  size: number,
  total: number,
  encode: (position: number) => string,
): PageCursors {
  const lastPage = Math.ceil(total / size);
  const current = Math.min(Math.floor(lo / size) + 1, lastPage);
  const page = (pageNumber: number): PageCursor | null => {
    if (pageNumber < 1 || pageNumber > lastPage) return null;
    return { pageNumber, cursor: encode((pageNumber - 1) * size - 1), isCurrent: pageNumber === current };
  };
  const from = Math.max(1, Math.min(current - Math.floor(PAGES_AROUND / 2), lastPage - PAGES_AROUND + 1));
  const around = Array.from({ length: PAGES_AROUND }, (_, index) => page(from + index)).filter(
    (each) => each !== null,
  );
  return {
    first: page(1),
    around,
    last: page(lastPage),
    previous: page(current - 1),
    next: page(current + 1),
  };
}
