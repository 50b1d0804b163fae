import { describe, expect, it } from '@jest/globals';
import { sleep } from '../../../src/itnio/sleep.ts';

describe('sleep', () => {
  it('waits for as long as it is told', async () => {
    const startedAt = performance.now();
    await sleep(20);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(19);
  });

  it("rejects with the signal's reason as soon as that aborts", async () => {
    const controller = new AbortController();
    const reason = new Error('gone');
    const slept = sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(slept).rejects.toBe(reason);
  });
});
