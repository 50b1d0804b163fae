import { describe, expect, it } from '@jest/globals';
import { AnswerTooLargeError, DeadlineExceededError } from '../../../src/errors/request-errors.ts';
import type { EntitiesSize } from '../../../src/pipeline/answer-size.ts';
import { RequestObjectBudget } from '../../../src/pipeline/object-budget.ts';

const LIMIT = { objects: 10, values: 100 };

function createBudget(monotonicNow = () => 0): RequestObjectBudget {
  return new RequestObjectBudget({ limit: LIMIT, deadlineAt: 8000, monotonicNow });
}

function entities(representations: number, objects: number, values: number): EntitiesSize {
  return { representations, each: { objects, values } };
}

describe('RequestObjectBudget', () => {
  it('gives out as many objects as an answer may hold, and then none', () => {
    const budget = createBudget();
    budget.spend(4);
    budget.spend(6);
    expect(() => budget.assertWithin()).not.toThrow();
    expect(() => budget.spend(1)).toThrow(AnswerTooLargeError);
    expect(() => budget.spend(0)).toThrow(AnswerTooLargeError);
    expect(() => budget.assertWithin()).toThrow(AnswerTooLargeError);
  });

  it('gives out nothing after the deadline', () => {
    let now = 8000;
    const budget = createBudget(() => now);
    budget.spend(1);
    now = 8000.1;
    expect(() => budget.spend(1)).toThrow(DeadlineExceededError);
    expect(() => budget.assertWithin()).not.toThrow();
  });

  describe('shares out what is left to representations', () => {
    it.each<[string, readonly EntitiesSize[], readonly number[], { objects: number; values: number }]>([
      ['all of them where there is room', [entities(8, 1, 1)], [8], { objects: 10, values: 8 }],
      ['the first ones where there is not', [entities(9, 1, 1)], [8], { objects: 10, values: 8 }],
      ['fewer where each brings more', [entities(9, 3, 0)], [2], { objects: 8, values: 0 }],
      ['fewer where each has more values', [entities(9, 1, 40)], [2], { objects: 4, values: 80 }],
      [
        'to one field after the other',
        [entities(2, 3, 0), entities(9, 1, 0), entities(1, 1, 0)],
        [2, 2, 0],
        { objects: 10, values: 0 },
      ],
      [
        'none where one is too large',
        [entities(1, 9, 0), entities(3, 1, 0)],
        [0, 3],
        { objects: 5, values: 0 },
      ],
    ])('%s', (_, sizes, counts, total) => {
      const budget = createBudget();
      const names = sizes.map((_size, index) => `e${index}`);
      const map = new Map(sizes.map((size, index) => [`e${index}`, size]));
      expect(budget.shareOut({ objects: 2, values: 0, entities: map })).toEqual(total);
      expect(names.map((name) => budget.countEntities(name))).toEqual(counts);
    });
  });

  it('knows no number for what was not measured', () => {
    expect(() => createBudget().countEntities('_entities')).toThrow(TypeError);
  });
});
