import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Change, createRandom, scroll, scrollByOffset } from '../../support/scroll.ts';

const CHANGES: readonly Change[] = [
  'insert',
  'delete',
  'bulk-delete',
  'bulk-insert',
  'swap',
  'delete-anchor',
];

describe('A scroll through a list that changes between any two calls', () => {
  it('delivers each row that stays exactly once, or ends with CURSOR_EXPIRED; it is called unordered in hardly any run', async () => {
    // Between the calls that ask whether the order is stable, the list changes as well: in about 1 run of 5,000 that looks like disorder.
    let alarms = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          total: fc.integer({ min: 0, max: 400 }),
          size: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 100 })),
          direction: fc.constantFrom<'forward' | 'backward'>('forward', 'backward'),
          changeRate: fc.double({ min: 0.05, max: 1, noNaN: true }),
          keepMs: fc.constantFrom(0, 60_000),
          seed: fc.integer(),
        }),
        async ({ seed, ...options }) => {
          const end = await scroll({ ...options, changes: CHANGES, random: createRandom(seed) });
          if (end.end === 'UPSTREAM_INCONSISTENT') alarms += 1;
          else expect(['complete', 'CURSOR_EXPIRED']).toContain(end.end);
          expect({ duplicates: end.duplicates, misses: end.misses }).toEqual({ duplicates: 0, misses: 0 });
        },
      ),
      { numRuns: 400 },
    );
    expect(alarms).toBeLessThanOrEqual(4);
  });

  it('takes hardly more than a call a request where plain page numbers lose and repeat rows', async () => {
    const sums = {
      ours: { calls: 0, requests: 0, defects: 0 },
      plain: { calls: 0, requests: 0, defects: 0 },
    };
    for (let seed = 1; seed <= 60; seed++) {
      const options = { total: 1000, size: 20, changeRate: 0.1, changes: ['insert', 'delete'] as const };
      const ours = await scroll({ ...options, direction: 'forward', keepMs: 0, random: createRandom(seed) });
      const plain = await scrollByOffset({ ...options, random: createRandom(seed) });
      for (const [sum, one] of [[sums.ours, ours] as const, [sums.plain, plain] as const]) {
        sum.calls += one.calls;
        sum.requests += one.requests;
        sum.defects += one.duplicates + one.misses;
      }
    }
    expect(sums.ours.defects).toBe(0);
    expect(sums.ours.calls / sums.ours.requests).toBeLessThan(1.02);
    expect(sums.plain.defects).toBeGreaterThan(60);
  });
});
