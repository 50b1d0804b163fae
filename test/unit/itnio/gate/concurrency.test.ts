import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ConcurrencyLimit } from '../../../../src/itnio/gate/concurrency.ts';

const BOUNDS = { least: 3, most: 20 };

/** A vendor that works on so many calls at a time; the rest wait in one queue. */
interface Vendor {
  readonly workers: number;
  /** How long a call takes a worker, in milliseconds. */
  readonly serviceMs: number;
  /** How long a call is on its way, there and back. */
  readonly wayMs: number;
}

/** Sends calls whenever the limit lets it, for so long, as if any number of them were wanted. */
function saturate(limit: ConcurrencyLimit, { workers, serviceMs, wayMs }: Vendor, ms: number, from = 0) {
  const freeAt = Array<number>(workers).fill(from);
  const endsAt: number[] = [];
  const seen: number[] = [];
  let now = from;
  let answers = 0;
  while (now < from + ms) {
    while (endsAt.length < limit.limit) {
      const [first = 0] = freeAt.sort((a, b) => a - b);
      const doneAt = Math.max(now, first) + serviceMs;
      freeAt[0] = doneAt;
      endsAt.push(doneAt + wayMs);
      endsAt.sort((a, b) => a - b);
    }
    now = endsAt.shift() ?? now;
    answers += 1;
    limit.noteEnd(now, true, endsAt.length, true);
    seen.push(limit.limit);
  }
  return { now, answersPerSecond: (answers / (now - from)) * 1_000, seen };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

describe('ConcurrencyLimit', () => {
  it('is at its most, and knows no pace, as long as every call finds a place', () => {
    const limit = new ConcurrencyLimit(BOUNDS);
    for (let now = 0; now < 60_000; now += 10) limit.noteEnd(now, true, now % 20, false);
    expect(limit.limit).toBe(20);
    expect(limit.findPace(60_000)).toBeUndefined();
  });

  it('leaves no queue at a vendor that works on one call after the other, but for 40 ms of work, and loses nothing by it', () => {
    const serviceMs = fc.integer({ min: 2, max: 100 });
    fc.assert(
      fc.property(serviceMs, fc.double({ min: 0, max: 1, noNaN: true }), (serviceMs, way) => {
        const limit = new ConcurrencyLimit(BOUNDS);
        const vendor = { workers: 1, serviceMs, wayMs: serviceMs * way };
        const { now } = saturate(limit, vendor, 10_000 + 100 * serviceMs);
        const { answersPerSecond, seen } = saturate(limit, vendor, 10_000, now);
        expect(answersPerSecond).toBeGreaterThan((0.95 * 1_000) / serviceMs);
        expect(mean(seen)).toBeLessThanOrEqual(Math.max(6, 1.1 * Math.ceil(40 / serviceMs)));
        // What our own event loop takes is bridged.
        expect(Math.min(...seen)).toBeGreaterThanOrEqual(Math.min(20, Math.floor(38 / serviceMs)));
      }),
      { numRuns: 20 },
    );
  });

  it('stays high where more calls bring more answers', () => {
    const serviceMs = fc.integer({ min: 10, max: 300 });
    fc.assert(
      fc.property(serviceMs, (serviceMs) => {
        const limit = new ConcurrencyLimit(BOUNDS);
        const { answersPerSecond } = saturate(limit, { workers: 1_000, serviceMs, wayMs: 2 }, 30_000);
        expect(answersPerSecond).toBeGreaterThan((0.9 * 20 * 1_000) / (serviceMs + 2));
      }),
      { numRuns: 20 },
    );
  });

  it('goes up again when the vendor gets to work on more at a time', () => {
    const limit = new ConcurrencyLimit(BOUNDS);
    const { now, seen } = saturate(limit, { workers: 1, serviceMs: 20, wayMs: 2 }, 10_000);
    expect(seen.at(-1)).toBeLessThanOrEqual(6);
    const after = saturate(limit, { workers: 100, serviceMs: 20, wayMs: 2 }, 20_000, now);
    expect(mean(after.seen.slice(-1_000))).toBeGreaterThan(15);
  });

  it('goes down where calls bring nothing at all', () => {
    const limit = new ConcurrencyLimit(BOUNDS);
    for (let now = 0; now < 60_000; now += 50) limit.noteEnd(now, false, limit.limit - 1, true);
    expect(limit.limit).toBeLessThanOrEqual(6);
  });

  it('tells the pace of the vendor while calls wait, and forgets all five seconds after', () => {
    const limit = new ConcurrencyLimit(BOUNDS);
    const { now } = saturate(limit, { workers: 1, serviceMs: 20, wayMs: 2 }, 10_000);
    const pace = limit.findPace(now);
    expect(pace?.callsPerSecond).toBeCloseTo(50, 0);
    expect(pace?.callsAtATime).toBe(limit.limit);
    expect(limit.findPace(now + 5_000)).toEqual(pace);
    expect(limit.findPace(now + 5_001)).toBeUndefined();
    limit.noteEnd(now + 5_001, true, 0, false);
    expect(limit.limit).toBe(20);
  });

  it('gives up what it tries when a place stays free', () => {
    const limit = new ConcurrencyLimit(BOUNDS);
    let now = 0;
    for (; limit.limit === 20; now += 20) limit.noteEnd(now, true, 19, true);
    expect(limit.limit).toBe(10);
    limit.noteEnd(now + 20, true, 9, false);
    expect(limit.limit).toBe(20);
  });

  it('keeps its bounds, whatever happens', () => {
    const end = fc.record({
      ms: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 10_000 })),
      isAnswered: fc.boolean(),
      underWay: fc.integer({ min: 0, max: 19 }),
      // Mostly wanted, or nothing is ever measured.
      isWanted: fc.nat(50).map((draw) => draw > 0),
    });
    fc.assert(
      fc.property(fc.array(end, { minLength: 200, maxLength: 500 }), (ends) => {
        const limit = new ConcurrencyLimit(BOUNDS);
        const limits: number[] = [];
        let now = 0;
        for (const { ms, isAnswered, underWay, isWanted } of ends) {
          now += ms;
          limit.noteEnd(now, isAnswered, underWay, isWanted);
          limits.push(limit.limit);
        }
        expect(Math.min(...limits)).toBeGreaterThanOrEqual(BOUNDS.least);
        expect(Math.max(...limits)).toBeLessThanOrEqual(BOUNDS.most);
        expect(limit.findPace(now)?.callsPerSecond).not.toBe(Number.POSITIVE_INFINITY);
      }),
      { numRuns: 100 },
    );
  });
});
