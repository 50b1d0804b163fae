import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RollingWindow, Spread } from '../../../../src/itnio/breaker/rolling-window.ts';

function createWindow(calls: readonly (readonly [atMs: number, hasFailed: boolean, times: number])[]) {
  const window = new RollingWindow();
  for (const [atMs, hasFailed, times] of calls)
    for (let time = 0; time < times; time += 1) window.add(atMs, hasFailed);
  return window;
}

describe('RollingWindow', () => {
  it.each([
    [19, 0, false],
    [20, 0, true],
    [20, 20, true],
    [20, 21, false],
    [10, 10, true],
    [0, 20, false],
  ])('with %d failures and %d successes has tripped: %p', (failures, successes, hasTripped) => {
    const window = createWindow([
      [5_000, false, successes],
      [5_000, true, failures],
    ]);
    expect(window.hasTripped(5_000)).toBe(hasTripped);
  });

  it.each([
    [9_999, true],
    [10_000, false],
    [1_000_000, false],
  ])('remembers what happened in the second from 0 at %d: %p', (atMs, isRemembered) => {
    expect(createWindow([[0, true, 20]]).hasEnough(atMs)).toBe(isRemembered);
  });

  it('forgets when it is cleared', () => {
    const window = createWindow([[0, true, 20]]);
    window.clear();
    expect(window.hasEnough(0)).toBe(false);
  });

  it('counts as a list of all calls would', () => {
    const call = fc.record({
      pauseMs: fc.integer({ min: 0, max: 12_000 }),
      hasFailed: fc.boolean(),
      times: fc.integer({ min: 1, max: 15 }),
    });
    fc.assert(
      fc.property(fc.array(call), (calls) => {
        const window = new RollingWindow();
        const all: { second: number; hasFailed: boolean }[] = [];
        let now = 0;
        for (const { pauseMs, hasFailed, times } of calls) {
          now += pauseMs;
          for (let time = 0; time < times; time += 1) {
            window.add(now, hasFailed);
            all.push({ second: Math.floor(now / 1000), hasFailed });
          }
          const recent = all.filter(({ second }) => second > Math.floor(now / 1000) - 10);
          const failures = recent.filter((each) => each.hasFailed).length;
          expect(window.hasTripped(now)).toBe(recent.length >= 20 && 2 * failures >= recent.length);
        }
      }),
    );
  });
});

describe('Spread', () => {
  it('knows one app from several', () => {
    const spread = new Spread();
    expect(spread.hasSeveral(0)).toBe(false);
    spread.note(0, 'a');
    spread.note(1, 'a');
    expect(spread.hasSeveral(1)).toBe(false);
    spread.note(2, 'b');
    expect(spread.hasSeveral(2)).toBe(true);
    spread.note(3, 'b');
    expect(spread.hasSeveral(10_000)).toBe(true);
    expect(spread.hasSeveral(10_001)).toBe(false);
  });

  it('forgets when it is cleared', () => {
    const spread = new Spread();
    spread.note(0, 'a');
    spread.note(0, 'b');
    spread.clear();
    spread.note(1, 'c');
    expect(spread.hasSeveral(1)).toBe(false);
  });
});
