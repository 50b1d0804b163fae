import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LastKnownPositions } from '../../../src/paging/last-known-positions.ts';

function learnPage(positions: LastKnownPositions, current: number, size: number, moment: number): void {
  const lo = (current - 1) * size;
  for (let index = 0; index < size; index++) positions.learn(`row-${lo + index}`, lo, index, size, moment);
}

describe('LastKnownPositions', () => {
  it('tells where an account was seen, and on which page', () => {
    const positions = new LastKnownPositions();
    learnPage(positions, 3, 90, 7);
    expect(positions.find('row-200')).toEqual({ position: 200, current: 3, size: 90, moment: 7 });
    expect(positions.find('row-270')).toBeUndefined();
  });

  it('equals a map, whatever is learned, moved and forgotten', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(300), fc.nat(4000), fc.integer({ min: 0, max: 4 })), { maxLength: 800 }),
        (steps) => {
          const positions = new LastKnownPositions();
          const model = new Map<string, number>();
          for (const [name, position, kind] of steps) {
            const account = `test_${name}`;
            if (kind === 0) {
              positions.forget(account);
              model.delete(account);
            } else {
              positions.learn(account, position, 0, 1, 1);
              model.set(account, position);
            }
          }
          for (let name = 0; name <= 300; name++)
            expect(positions.find(`test_${name}`)?.position).toBe(model.get(`test_${name}`));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('loses none of 100,000, in at most 19 bytes each', () => {
    const positions = new LastKnownPositions();
    for (let current = 1; current <= 1000; current++) {
      learnPage(positions, current, 100, 1);
      expect((positions.capacity * 12) / (current * 100)).toBeLessThanOrEqual(19);
    }
    for (let row = 0; row < 100_000; row++)
      if (positions.find(`row-${row}`)?.position !== row) throw new Error(`row-${row} is lost.`);
  });

  it('grows no further than 262,144 slots: later accounts take the place of earlier ones', () => {
    const positions = new LastKnownPositions();
    for (let current = 1; current <= 4000; current++) learnPage(positions, current, 100, 1);
    expect(positions.capacity).toBe(2 ** 18);
    expect(positions.find('row-399999')?.position).toBe(399_999);
  });

  it('remembers no position over 4 million', () => {
    const positions = new LastKnownPositions();
    positions.learn('near', 2 ** 22 - 1, 0, 1, 1);
    positions.learn('far', 2 ** 22, 0, 1, 1);
    expect(positions.find('near')?.position).toBe(2 ** 22 - 1);
    expect(positions.find('far')).toBeUndefined();
  });
});
