import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRetryBudget } from '../../../src/itnio/retry-budget.ts';

describe('createRetryBudget', () => {
  it('starts with twenty retries', () => {
    const budget = createRetryBudget();
    const spent = Array.from({ length: 21 }, () => budget.spend());
    expect(spent).toEqual([...Array(20).fill(true), false]);
  });

  it('earns the next retry with seven calls', () => {
    const budget = createRetryBudget();
    while (budget.spend());
    for (let call = 0; call < 6; call += 1) budget.earn();
    expect(budget.spend()).toBe(false);
    budget.earn();
    expect(budget.spend()).toBe(true);
  });

  it('saves up no more than twenty', () => {
    const budget = createRetryBudget();
    for (let call = 0; call < 1_000; call += 1) budget.earn();
    const spent = Array.from({ length: 21 }, () => budget.spend());
    expect(spent).toEqual([...Array(20).fill(true), false]);
  });

  it('holds retries to 15 % of calls beyond the first twenty, whatever fails', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 2_000 }), (failures) => {
        const budget = createRetryBudget();
        let retries = 0;
        for (const hasFailed of failures) {
          budget.earn();
          if (hasFailed && budget.spend()) retries += 1;
        }
        expect(retries).toBeLessThanOrEqual(20 + 0.15 * failures.length);
      }),
    );
  });
});
