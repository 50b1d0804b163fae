import { describe, expect, it } from '@jest/globals';
import { QueryTooExpensiveError } from '../../../src/errors/request-errors.ts';
import { CallBudget } from '../../../src/phones/call-budget.ts';

const turn = () => new Promise(setImmediate);

describe('CallBudget', () => {
  it('has no more calls under way than it may, and begins the others in the order in which they came', async () => {
    const budget = new CallBudget({ calls: 10, parallel: 2 });
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const calls = Array.from({ length: 5 }, (_, index) =>
      budget.run(() => {
        begun.push(index);
        return new Promise<void>((resolve, reject) => {
          // A call that fails makes room as one that does not.
          ends.push(() => (index === 1 ? reject(new Error('failed')) : resolve()));
        });
      }),
    );
    const outcomes = Promise.allSettled(calls);
    const seen: number[][] = [];
    for (let end = 0; end < 5; end++) {
      await turn();
      seen.push([...begun]);
      ends[end]?.();
    }
    expect(seen).toEqual([
      [0, 1],
      [0, 1, 2],
      [0, 1, 2, 3],
      [0, 1, 2, 3, 4],
      [0, 1, 2, 3, 4],
    ]);
    expect((await outcomes).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ]);
  });

  it('has as many at a time again once all have ended', async () => {
    const budget = new CallBudget({ calls: 10, parallel: 2 });
    await Promise.all([1, 2, 3].map((each) => budget.run(async () => each)));
    let underWay = 0;
    void Promise.all([1, 2, 3].map(() => budget.run(() => new Promise(() => underWay++))));
    await turn();
    expect(underWay).toBe(2);
  });

  it('gives as many calls as it has, all or none', () => {
    const budget = new CallBudget({ calls: 3, parallel: 1 });
    budget.take(2);
    expect(() => budget.take(2)).toThrow(QueryTooExpensiveError);
    expect(budget.left).toBe(1);
    budget.take(1);
    expect(budget.left).toBe(0);
  });
});
