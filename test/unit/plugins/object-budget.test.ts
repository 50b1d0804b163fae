import { describe, expect, it } from '@jest/globals';
import { AnswerTooLargeError, DeadlineExceededError } from '../../../src/errors/request-errors.ts';
import { RequestObjectBudget } from '../../../src/plugins/object-budget.ts';

describe('RequestObjectBudget', () => {
  it('gives out as many objects as an answer may hold, and then none', () => {
    const budget = new RequestObjectBudget({ limit: 10, deadlineAt: 1, monotonicNow: () => 0 });
    budget.spend(4);
    budget.spend(6);
    expect(() => budget.assertWithin()).not.toThrow();
    expect(() => budget.spend(1)).toThrow(AnswerTooLargeError);
    expect(() => budget.spend(0)).toThrow(AnswerTooLargeError);
    expect(() => budget.assertWithin()).toThrow(AnswerTooLargeError);
  });

  it('gives out nothing after the deadline', () => {
    let now = 8000;
    const budget = new RequestObjectBudget({ limit: 10, deadlineAt: 8000, monotonicNow: () => now });
    budget.spend(1);
    now = 8000.1;
    expect(() => budget.spend(1)).toThrow(DeadlineExceededError);
    expect(() => budget.assertWithin()).not.toThrow();
  });
});
