import { type Call, MAX_JITTER_MS, MIN_ATTEMPT_MS } from './call.ts';
import type { RetryBudget } from './retry-budget.ts';
import { planRetry } from './retry-policy.ts';
import type { Sleep } from './sleep.ts';

/** Asks once more where the failure may pass, the vendor may meet the call twice, time is left and the budget allows it. */
export function createRetryingCall(
  next: Call,
  dependencies: {
    readonly budget: RetryBudget;
    readonly now: () => number;
    readonly random: () => number;
    readonly sleep: Sleep;
  },
): Call {
  const { budget, now, random, sleep } = dependencies;
  return async function call(endpoint, request, options) {
    budget.earn();
    try {
      return await next(endpoint, request, options);
    } catch (error) {
      const leastWaitMs = planRetry(error);
      if (leastWaitMs === undefined || !endpoint.isRepeatable) throw error;
      const waitMs = leastWaitMs + random() * MAX_JITTER_MS;
      if (now() + waitMs + MIN_ATTEMPT_MS > options.deadlineAt || !budget.spend()) throw error;
      await sleep(waitMs, options.signal);
    }
    return next(endpoint, request, options);
  };
}
