/** Keeps retries a small share of all calls, so that an outage is not made worse by asking twice. */
export interface RetryBudget {
  /** Notes a call, which earns a part of a retry. */
  earn(): void;
  /** Takes one retry out of the budget; false when none is left. */
  spend(): boolean;
}

/** Retries earned by one call: in the long run at most 15 % of calls are retried. */
const RETRIES_PER_CALL = 0.15;

/** Most retries that can be saved up, and what a new budget holds. */
const MAX_SAVED_RETRIES = 20;

export function createRetryBudget(): RetryBudget {
  let retriesLeft = MAX_SAVED_RETRIES;
  return {
    earn() {
      retriesLeft = Math.min(MAX_SAVED_RETRIES, retriesLeft + RETRIES_PER_CALL);
    },
    spend() {
      if (retriesLeft < 1) return false;
      retriesLeft -= 1;
      return true;
    },
  };
}
