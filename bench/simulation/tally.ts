import type { Scroll } from '../../test/support/scroll.ts';

/** What many scrolls come to. */
export interface Tally {
  readonly scrolls: number;
  readonly duplicates: number;
  readonly namedRepeats: number;
  readonly misses: number;
  /** Scrolls that came to the end of the list and have shown a row twice or left one out. */
  readonly wrong: number;
  /** Scrolls that CURSOR_EXPIRED has ended. */
  readonly expired: number;
  /** Scrolls that another error has ended. */
  readonly failed: number;
  readonly callsPerRequest: number;
}

export function tally(scrolls: readonly Scroll[]): Tally {
  const sum = (read: (scroll: Scroll) => number) =>
    scrolls.reduce((total, scroll) => total + read(scroll), 0);
  const count = (holds: (scroll: Scroll) => boolean) => scrolls.filter(holds).length;
  const requests = sum((scroll) => scroll.requests);
  return {
    scrolls: scrolls.length,
    duplicates: sum((scroll) => scroll.duplicates),
    namedRepeats: sum((scroll) => scroll.namedRepeats),
    misses: sum((scroll) => scroll.misses),
    wrong: count(({ end, duplicates, misses }) => end === 'complete' && duplicates + misses > 0),
    expired: count(({ end }) => end === 'CURSOR_EXPIRED'),
    failed: count(({ end }) => end !== 'complete' && end !== 'CURSOR_EXPIRED'),
    callsPerRequest: requests === 0 ? 0 : sum((scroll) => scroll.calls) / requests,
  };
}

/** Columns of a table. */
export function presentTally(scrolls: Tally): Record<string, string | number> {
  return {
    scrolls: scrolls.scrolls,
    duplicates: scrolls.duplicates,
    'named repeats': scrolls.namedRepeats,
    misses: scrolls.misses,
    'wrong lists': scrolls.wrong,
    CURSOR_EXPIRED: `${((100 * scrolls.expired) / scrolls.scrolls).toFixed(2)} %`,
    'other errors': scrolls.failed,
    'calls / request': scrolls.callsPerRequest.toFixed(3),
  };
}
