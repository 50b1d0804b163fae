import { LRUCache } from 'lru-cache';
import type { Clock } from '../domain/clock.ts';
import type { Phone } from '../domain/phone.ts';
import type { RequestBounds } from '../domain/requester.ts';
import { type AppMemories, UNPROVED_LIFETIME_MS } from '../lists/app-memory.ts';
import type { CallWatcher, PageSource } from '../lists/page-source.ts';
import { createPhoneListing, type PhoneListing } from '../paging/phone-listing.ts';
import { createPreparedTexts, type PreparedTexts } from '../paging/search-texts.ts';
import { type CensusState, createCensus } from './census.ts';
import { type CensusRunner, createCensusRunner, toError } from './census-runner.ts';
import type { ListedAccounts } from './listed-accounts.ts';

/** Apps of which lists are kept or being read. */
const MAX_APPS = 200;
/** An estimate of what all lists together may take. */
const MAX_BYTES = 64 * 1024 * 1024;
/** What a page that was read takes, as an estimate. */
const BYTES_OF_A_PAGE = 32 * 1024;
/** How long the pages of a census that nobody waits for stay, in milliseconds. */
const PROGRESS_LIFETIME_MS = 60_000;
/** How long a list that has changed while it was read is read with more care, in milliseconds. */
const MOVED_LIFETIME_MS = 10 * 60_000;

/** A whole list as it was proved. */
export interface WholeList {
  readonly listing: PhoneListing;
  /** When the oldest page of it was asked for. */
  readonly asOf: Date;
}

/** The whole lists of apps, each read by one census for all who ask for it, and kept for a moment. Never a password. */
export interface WholeLists {
  /** @throws what {@link CensusRunner.join} throws; a list that could not be proved is not tried again for a minute. */
  load(appId: string, bounds: RequestBounds, watcher: CallWatcher): Promise<WholeList>;
}

export interface WholeListsOptions {
  readonly pages: PageSource;
  readonly clock: Pick<Clock, 'epochNow' | 'monotonicNow' | 'startTimer'>;
  /** How long a list is kept, in milliseconds from when it was proved. 0 keeps none. */
  readonly keepMs: number;
  /** Calls that the plan of a list may take. */
  readonly getMaxCalls: () => number;
  readonly getLargestPageSize: () => number;
  /** What one reading learns serves the next. */
  readonly memories: AppMemories;
  readonly listed: ListedAccounts;
  /** Told how each complete reading has ended. */
  readonly onEnd?: ((outcome: CensusOutcome) => void) | undefined;
}

/** `proved`; `refused`: the list is too long; `given-up`: it could not be proved. */
export type CensusOutcome = Exclude<CensusState<Phone>['kind'], 'open'>;

type ProvedState = Extract<CensusState<Phone>, { kind: 'proved' }>;

/** What is known of an app's list. */
type Entry =
  | { readonly kind: 'kept'; readonly list: WholeList; readonly until: number }
  | { readonly kind: 'reading'; readonly runner: CensusRunner }
  | {
      readonly kind: 'failed';
      readonly state: Extract<CensusState<Phone>, { kind: 'refused' | 'given-up' }>;
      readonly until: number;
    };

export function createWholeLists(options: WholeListsOptions): WholeLists {
  const { pages, clock, keepMs, getMaxCalls, getLargestPageSize, memories, listed } = options;
  const { monotonicNow } = clock;
  const entries = new LRUCache<string, Entry>({ max: MAX_APPS, maxSize: MAX_BYTES, sizeCalculation: sizeOf });

  /** By proof: one list, however many wait for it. */
  const lists = new WeakMap<ProvedState, WholeList>();
  /** Apps whose lists changed while they were read, of late. */
  const movedUntil = new LRUCache<string, number>({ max: MAX_APPS });

  function findKept(appId: string): WholeList | undefined {
    const entry = entries.get(appId);
    if (entry?.kind !== 'kept') return undefined;
    if (entry.until > monotonicNow()) return entry.list;
    entries.delete(appId);
    return undefined;
  }

  /** The census that is being read, or whose pages are still of use. */
  function findRunner(appId: string): CensusRunner | undefined {
    const entry = entries.get(appId);
    const now = monotonicNow();
    if (entry?.kind === 'failed' && entry.until > now)
      throw toError(entry.state, getMaxCalls(), entry.until - now);
    if (entry?.kind !== 'reading') return undefined;
    const { runner } = entry;
    return runner.isRunning || now - runner.touchedAt < PROGRESS_LIFETIME_MS ? runner : undefined;
  }

  /** Opens a census and reads until its list is proved. */
  function openRunner(appId: string): CensusRunner {
    const memory = memories.forApp(appId);
    const maxCalls = getMaxCalls();
    const texts = createPreparedTexts();
    const census = createCensus<Phone>({
      maxCalls,
      expectedTotal: memory.getTotal(),
      readsHeadLast: true,
      checksEnds: (movedUntil.get(appId) ?? 0) > monotonicNow(),
      isDisordered: memory.isDisordered(),
      largestPageSize: getLargestPageSize(),
    });
    const runner = createCensusRunner({
      census,
      maxCalls,
      clock,
      getLargestPageSize,
      async fetchPage(page, bounds, watcher, since) {
        const fetched = await pages.fetchPage(appId, page, bounds, watcher, since);
        if (fetched.fault !== undefined) throw fetched.fault;
        texts.prepare(fetched.page.phones);
        return fetched;
      },
      onEnd(state) {
        options.onEnd?.(state.kind);
        if (census.hasMoved) movedUntil.set(appId, monotonicNow() + MOVED_LIFETIME_MS);
        if (census.isDisordered && !memory.isDisordered()) memory.notice('disorder');
        const now = monotonicNow();
        if (state.kind !== 'proved') {
          entries.set(appId, { kind: 'failed', state, until: now + UNPROVED_LIFETIME_MS });
          return;
        }
        const list = createList(state, texts);
        lists.set(state, list);
        if (keepMs === 0) {
          entries.delete(appId);
          return;
        }
        listed.forApp(appId).remember(state.rows.map(({ account }) => account));
        entries.set(appId, { kind: 'kept', list, until: now + keepMs });
      },
    });
    entries.set(appId, { kind: 'reading', runner });
    return runner;
  }

  function createList({ rows, asOf }: ProvedState, texts: PreparedTexts): WholeList {
    return {
      listing: createPhoneListing(rows, texts),
      asOf: new Date(clock.epochNow() - (monotonicNow() - asOf)),
    };
  }

  return {
    async load(appId, bounds, watcher) {
      const kept = findKept(appId);
      if (kept !== undefined) return kept;
      const runner = findRunner(appId) ?? openRunner(appId);
      try {
        const list = lists.get(await runner.join(bounds, watcher));
        if (list === undefined) throw new TypeError('A list was proved, but not made.');
        return list;
      } catch (error) {
        // What was read counts among what is kept.
        const entry = entries.get(appId);
        if (entry?.kind === 'reading') entries.set(appId, entry);
        throw error;
      }
    },
  };
}

function sizeOf(entry: Entry): number {
  switch (entry.kind) {
    case 'kept':
      return estimateBytes(entry.list.listing.phones);
    case 'reading':
      return 1 + entry.runner.progress.read * BYTES_OF_A_PAGE;
    case 'failed':
      return 1;
  }
}

/** Rough, from the shape that V8 gives a row, its texts, the same folded, and its places in a few orders. */
function estimateBytes(phones: readonly Phone[]): number {
  let bytes = 1;
  for (const { account, phoneName, groupName, displayNum } of phones) {
    const texts =
      account.length + (phoneName?.length ?? 0) + (groupName?.length ?? 0) + (displayNum?.length ?? 0);
    bytes += 400 + 4 * texts;
  }
  return bytes;
}
