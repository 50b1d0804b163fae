import { createListedAccounts } from '../../src/census/listed-accounts.ts';
import type { BackgroundClock } from '../../src/domain/clock.ts';
import { type AppMemory, createAppMemories } from '../../src/lists/app-memory.ts';
import { createLargestPageSize } from '../../src/lists/largest-page-size.ts';
import { createPageSource } from '../../src/lists/page-source.ts';
import { createRowCache } from '../../src/lists/row-cache.ts';
import { CallBudget } from '../../src/phones/call-budget.ts';
import { createListReader, type ListReader } from '../../src/phones/list-reader.ts';
import { RequestCost } from '../../src/phones/request-cost.ts';
import { clockAt } from './manual-clock.ts';
import { createRequester } from './requester.ts';
import { APP, SILENT, type VendorList } from './vendor-list.ts';

export interface Readers {
  /** What one request sees of the list. */
  open(options?: { readonly calls?: number; readonly parallel?: number }): ListReader;
  readonly memory: AppMemory;
}

/** Readers of one list, below the directory: what requests share of it is theirs. By default each look at the clock is a moment. */
export function createReaders(
  list: VendorList,
  options: { readonly keepMs?: number; readonly listed?: boolean; readonly clock?: BackgroundClock } = {},
): Readers {
  let now = 0;
  const { keepMs = 0, listed = false, clock = clockAt(() => ++now) } = options;
  const memories = createAppMemories(SILENT, clock);
  const largestPageSize = createLargestPageSize(clock);
  const cache = createRowCache({ keepMs, clock });
  const listedAccounts = createListedAccounts(clock);
  const pages = createPageSource({
    client: list.client,
    largestPageSize,
    memories,
    log: SILENT,
    clock,
    callTimeoutMs: () => 8_000,
  });
  return {
    memory: memories.forApp(APP),
    open: ({ calls = 120, parallel = 8 } = {}) =>
      createListReader({
        appId: APP,
        bounds: { deadlineAt: 1e9, requester: createRequester() },
        openedAt: clock.monotonicNow(),
        clock,
        pages,
        memory: memories.forApp(APP),
        largestPageSize,
        budget: new CallBudget({ calls, parallel }),
        cost: new RequestCost(),
        cache,
        listed: listed ? listedAccounts.forApp(APP) : undefined,
        readsAhead: keepMs > 0,
      }),
  };
}

/** Has a list answer its calls when a test says so. */
export function holdAnswers(list: VendorList): { answerAll(): Promise<void> } {
  const answers: (() => void)[] = [];
  list.beforeAnswer = () => new Promise((resolve) => answers.push(resolve));
  return {
    async answerAll() {
      for (const answer of answers.splice(0)) answer();
      await new Promise(setImmediate);
    },
  };
}
