import { UpstreamInconsistentError } from '../errors/upstream-errors.ts';
import type { PageNumber } from '../paging/plan.ts';
import type { AppMemory, MovedRow } from './app-memory.ts';
import type { PhoneRun } from './row-cache.ts';

/** Calls that read two contradicting pages in turn. A list with a stable order would have to change before each of them. */
const CONFIRMING_CALLS = 4;

/** Tells a list that has changed from one that has no stable order. */
export interface OrderCheck {
  /**
   * Finds out why a row has changed its place though the total is the same. Reads the page again that has shown it in its old
   * place. If the row has left that place, the list has changed. If not, both pages are read in turn; if they contradict
   * each other each time, the list has no stable order. Rows that come to it during a check share its result.
   * @param page where the row stands now.
   * @throws {UpstreamInconsistentError} when the list has no stable order.
   */
  assertHolds(moved: MovedRow, page: PageNumber): Promise<void>;
}

/** @param readAgain makes the call once more, whatever is under way. */
export function createOrderCheck(
  memory: AppMemory,
  readAgain: (page: PageNumber) => Promise<PhoneRun | undefined>,
): OrderCheck {
  let underWay: Promise<boolean> | undefined;

  async function readInTurn(
    { account, position, total, seenOn }: MovedRow,
    page: PageNumber,
  ): Promise<boolean> {
    const turns = memory.isDisordered() ? 1 : CONFIRMING_CALLS;
    for (let turn = 0; turn < turns; turn++) {
      const isOldPlace = turn % 2 === 0;
      const run = await readAgain(isOldPlace ? seenOn : page);
      const place = isOldPlace ? seenOn.position : position;
      if (run?.total === total && run.rows[place - run.lo]?.account === account) continue;
      memory.noticeMove();
      return true;
    }
    return false;
  }

  return {
    async assertHolds(moved, page) {
      underWay ??= readInTurn(moved, page).finally(() => {
        underWay = undefined;
      });
      if (!(await underWay)) throw noticeDisorder(memory);
    },
  };
}

/** Takes note that a list has no stable order, and makes the error that says so. */
export function noticeDisorder(memory: AppMemory): UpstreamInconsistentError {
  memory.notice('disorder');
  return new UpstreamInconsistentError('rows that stayed have changed places', {
    retryable: false,
    isDisordered: true,
  });
}
