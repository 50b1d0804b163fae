import { UpstreamInconsistentError } from '../errors/upstream-errors.ts';
import type { PageNumber } from '../paging/plan.ts';
import type { AppMemory, MovedRow } from './app-memory.ts';
import type { PhoneRun } from './row-cache.ts';

/** Calls that show two pages of one list to contradict each other: a list that changes would have to do so each time. */
const CONFIRMING_CALLS = 4;

/** Tells a list whose rows have moved from one that has no order. */
export interface OrderCheck {
  /**
   * A row stands where it was not, and nothing tells why. The page that showed it elsewhere is read once more: where it
   * shows it elsewhere too, the list has moved. Where it shows it in its old place again, the two are read in turn: pages
   * that go on to contradict each other are of a list that has no order that holds. One check answers for all rows that
   * come to it meanwhile.
   * @param page where the row stands now.
   * @throws {UpstreamInconsistentError} when it has none.
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

/** Takes note that a list has no order that holds, and makes the error that says so. */
export function noticeDisorder(memory: AppMemory): UpstreamInconsistentError {
  memory.notice('disorder');
  return new UpstreamInconsistentError('rows that stayed have changed places', {
    retryable: false,
    isDisordered: true,
  });
}
