import type { PageNumber } from './plan.ts';

/** What an answer says of itself. */
export interface PageAnswer {
  /** The page number that it echoes. */
  readonly current: number;
  /** The page size that it echoes. */
  readonly size: number;
  /** Rows in the whole list. */
  readonly total: number;
  /** The account of each row that came. */
  readonly accounts: readonly string[];
}

/** What an answer shows of the list, given the page that was asked for. */
export type Reading =
  /** The rows `[lo, lo + rows)` of a list of `total`. */
  | { readonly kind: 'page'; readonly lo: number; readonly total: number }
  /** The page lies behind the end of the list. Its rows, should there be any, are another page's. */
  | { readonly kind: 'past-end'; readonly total: number }
  /** The vendor serves at most `largestPageSize` rows a page. What came is the page of that size, from `lo`, where it is whole. */
  | {
      readonly kind: 'capped';
      readonly largestPageSize: number;
      readonly lo: number | undefined;
      readonly total: number;
    }
  /** The total and the rows were read by the vendor at two moments. `total` is what the rows say, where they are taken for the end of the list. */
  | { readonly kind: 'raced'; readonly lo: number; readonly total: number | undefined }
  /** It counts more rows than can be shown. */
  | { readonly kind: 'unreadable'; readonly fault: string }
  /** It breaks the contract; asking again would not help. */
  | { readonly kind: 'broken'; readonly fault: string };

/** The most rows that a list can have here: what the graph's integers can show. */
const MAX_TOTAL = 2 ** 31 - 1;
/** Rows that may be missing at the end of the list, by its total, for an answer that came twice to be believed. */
const MAX_MISSING = 2;

/** Compares an answer with what was asked. An answer is never trusted: see "Paging quirks" in docs/vendor.md. */
export function readAnswer(asked: PageNumber, answer: PageAnswer): Reading {
  const rows = answer.accounts.length;
  const { total } = answer;
  if (total > MAX_TOTAL) return { kind: 'unreadable', fault: 'data.total: expected at most 2147483647' };
  if ((asked.current - 1) * asked.size >= total && (asked.current > 1 || rows === 0))
    return { kind: 'past-end', total };
  if (answer.current !== asked.current) {
    return broken(`page ${asked.current} was asked, page ${answer.current} answered`);
  }
  if (answer.size < 1 || answer.size > asked.size) {
    return broken(`a page size of ${asked.size} was asked, ${answer.size} answered`);
  }
  if (rows > answer.size) return broken(`${rows} rows came on a page of ${answer.size}`);
  if (new Set(answer.accounts).size !== rows) return broken('an account stands twice on one page');

  const lo = (asked.current - 1) * answer.size;
  const isWhole = rows === Math.min(answer.size, total - lo);
  if (answer.size < asked.size)
    return { kind: 'capped', largestPageSize: answer.size, lo: isWhole ? lo : undefined, total };
  if (isWhole) return { kind: 'page', lo, total };
  const endsTheList = rows < asked.size && lo + asked.size >= total;
  // A list with rows is never made an empty one by their absence.
  const isBelievable = lo + rows > 0 && total - (lo + rows) <= MAX_MISSING;
  return { kind: 'raced', lo, total: endsTheList && isBelievable ? lo + rows : undefined };
}

function broken(fault: string): Reading {
  return { kind: 'broken', fault };
}
