import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits for a step of the benchmark, but not for ever.
 * @throws {Error} that names the step.
 */
export async function withDeadline<Result>(step: string, ms: number, work: Promise<Result>): Promise<Result> {
  const timer = new AbortController();
  const late = delay(ms, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`${step} has not ended after ${ms} ms.`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
    late.catch(() => undefined);
  }
}
