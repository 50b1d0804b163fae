import { describe, expect, it } from '@jest/globals';
import type { Caller } from '../../../src/domain/caller.ts';
import { RateLimitedError } from '../../../src/errors/request-errors.ts';
import { createPasswordLimits } from '../../../src/pipeline/password-limits.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const caller = (name: string, passwordReadsPerHour?: number): Caller => ({
  name,
  scopes: new Set(['passwords:read' as const]),
  passwordReadsPerHour,
});

function setUp(readsPerHour?: number) {
  const clock = createManualClock();
  const warnings: object[] = [];
  const nothing = () => undefined;
  const limits = createPasswordLimits({
    readsPerHour: () => readsPerHour,
    findTotal: (appId) => (appId === 'unknown' ? undefined : 100),
    monotonicNow: clock.monotonicNow,
    log: { debug: nothing, info: nothing, error: nothing, warn: (evidence) => warnings.push(evidence) },
  });
  return { limits, clock, warnings };
}

function accounts(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => String(from + index));
}

describe('createPasswordLimits', () => {
  it('lets each caller read so many in an hour, and tells when there are more', async () => {
    const { limits, clock } = setUp(3);
    for (let read = 0; read < 3; read++) limits.takeOne(caller('a'));
    await clock.advance(10 * MINUTE);
    expect(() => limits.takeOne(caller('a'))).toThrow(RateLimitedError);
    expect(() => limits.takeOne(caller('a'))).toThrow(
      expect.objectContaining({ retryAfterMs: HOUR + MINUTE - 10 * MINUTE }),
    );
    limits.takeOne(caller('b'));
    await clock.advance(HOUR + MINUTE - 10 * MINUTE);
    limits.takeOne(caller('a'));
  });

  it('goes by the entry of a caller that has a limit of its own', () => {
    const { limits } = setUp(1);
    for (let read = 0; read < 5; read++) limits.takeOne(caller('a', 5));
    expect(() => limits.takeOne(caller('a', 5))).toThrow(RateLimitedError);
  });

  it('counts a caller once, whichever of its tokens it shows', () => {
    const { limits } = setUp(1);
    limits.takeOne({ ...caller('a'), tokenLabel: 'old' });
    expect(() => limits.takeOne({ ...caller('a'), tokenLabel: 'new' })).toThrow(RateLimitedError);
  });

  it('takes back what could not be read', () => {
    const { limits } = setUp(1);
    limits.takeOne(caller('a'))();
    limits.takeOne(caller('a'));
  });

  it('has no limit where none is set', () => {
    const { limits } = setUp();
    for (let read = 0; read < 10_000; read++) limits.takeOne(caller('a'));
  });

  it('warns once an hour of a caller that has read more than a tenth of the phones of an app', async () => {
    const { limits, clock, warnings } = setUp();
    limits.noteReads(caller('a'), 'sales', accounts(0, 10));
    limits.noteReads(caller('a'), 'sales', accounts(0, 10));
    limits.noteReads(caller('a'), 'support', accounts(0, 10));
    limits.noteReads(caller('b'), 'sales', accounts(0, 10));
    limits.noteReads(caller('a'), 'unknown', accounts(0, 100));
    expect(warnings).toEqual([]);
    limits.noteReads(caller('a'), 'sales', accounts(10, 11));
    limits.noteReads(caller('a'), 'sales', accounts(11, 100));
    expect(warnings).toEqual([{ caller: 'a', appId: 'sales', phones: 11, total: 100 }]);
    await clock.advance(HOUR);
    limits.noteReads(caller('a'), 'sales', accounts(0, 10));
    expect(warnings).toHaveLength(1);
    limits.noteReads(caller('a'), 'sales', accounts(10, 11));
    expect(warnings).toHaveLength(2);
  });
});
