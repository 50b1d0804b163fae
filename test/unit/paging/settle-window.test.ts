import { describe, expect, it } from '@jest/globals';
import type { Row, Run } from '../../../src/paging/run.ts';
import { type FoundAnchor, settleWindow } from '../../../src/paging/settle-window.ts';
import type { Window } from '../../../src/paging/window.ts';

/** Rows `[lo, hi)` of a list of `total`. */
function run(lo: number, hi: number, total = 1000): Run<Row> {
  const rows = Array.from({ length: hi - lo }, (_, index) => ({ account: `row-${lo + index}` }));
  return { lo, rows, total, isHead: lo === 0, readAt: 0 };
}

function window(from: 'start' | 'end', size: number): Pick<Window, 'from' | 'size'> & Window {
  return { from, size, after: undefined, before: undefined };
}

function at(position: number, found: FoundAnchor['found'] = 'beside'): FoundAnchor {
  return { anchor: { kind: 'found', at: position, next: position + 1 }, found };
}

describe('settleWindow', () => {
  it('settles on rows that lie beside their anchor', () => {
    expect(settleWindow(window('start', 20), run(98, 121), at(99), undefined)).toEqual({
      kind: 'settled',
      span: { lo: 100, hi: 120, hasNextPage: true, hasPreviousPage: true },
    });
  });

  it('wants more when the run ends before the window does', () => {
    expect(settleWindow(window('start', 20), run(98, 110), at(99), undefined)).toEqual({
      kind: 'unsettled',
      guess: { a: 100, b: undefined, total: 1000, provedBy: 0 },
      isTorn: false,
    });
  });

  it('wants the row before the first one', () => {
    expect(settleWindow(window('end', 20), run(980, 1000), undefined, undefined)).toMatchObject({
      kind: 'unsettled',
    });
    expect(settleWindow(window('end', 20), run(979, 1000), undefined, undefined)).toMatchObject({
      kind: 'settled',
    });
  });

  it('wants proof that a row is gone, read beside the row before it', () => {
    const unsure: FoundAnchor = { anchor: { kind: 'unsure', predecessor: 98 }, found: 'beside' };
    expect(settleWindow(window('start', 2), run(97, 110), unsure, undefined)).toEqual({
      kind: 'unsettled',
      guess: { a: 99, b: undefined, total: 1000, provedBy: 125 },
      isTorn: false,
    });
  });

  it('takes an anchor elsewhere when both were seen of one total, and lie as far apart as the window needs', () => {
    const settled = settleWindow(window('end', 5), run(990, 1000), at(90, { total: 1000 }), undefined);
    expect(settled).toMatchObject({ kind: 'settled', span: { lo: 995, hi: 1000, hasPreviousPage: true } });
  });

  it('does not take one that was seen of another total: what came is torn', () => {
    const torn = settleWindow(window('end', 5), run(990, 1000), at(90, { total: 999 }), undefined);
    expect(torn).toMatchObject({ kind: 'unsettled', isTorn: true });
  });

  it('does not take one elsewhere that should be beside the rows', () => {
    const apart = settleWindow(window('start', 5), run(99, 110), at(99, { total: 1000 }), undefined);
    expect(apart).toMatchObject({ kind: 'unsettled', isTorn: false });
  });

  it('does not take one that was found before the rows were read', () => {
    const earlier = settleWindow(window('end', 5), run(990, 1000), at(90, 'earlier'), undefined);
    expect(earlier).toMatchObject({ kind: 'unsettled', guess: { a: 91 }, isTorn: false });
  });

  it('clips positions to a list that has shrunk', () => {
    const after = settleWindow(window('start', 5), run(20, 30, 30), at(100), undefined);
    expect(after).toMatchObject({ kind: 'settled', span: { lo: 30, hi: 30, hasNextPage: false } });
    const before = settleWindow(window('end', 5), run(20, 30, 30), undefined, at(100));
    expect(before).toMatchObject({ kind: 'settled', span: { lo: 25, hi: 30, hasNextPage: false } });
  });

  it('counts from the first row of a run whose early positions are not exact', () => {
    const drifted = { ...run(2, 60), isHead: true };
    expect(settleWindow(window('start', 5), drifted, undefined, undefined)).toEqual({
      kind: 'settled',
      span: { lo: 2, hi: 7, hasNextPage: true, hasPreviousPage: false },
    });
  });

  describe('in a run whose first row is not counted as 0, since rows came or left between its pages', () => {
    const position = (at: number) => ({ kind: 'position', position: at, total: 1000 }) as const;
    const jump = (to: number, lo: number) =>
      settleWindow(
        { ...window('start', 5), after: position(to) },
        { ...run(lo, 30), isHead: true },
        at(to),
        undefined,
      );

    it.each([-2, 2])('begins the first page with the first row, at %i', (lo) => {
      expect(jump(-1, lo)).toMatchObject({
        kind: 'settled',
        span: { lo, hi: lo + 5, hasPreviousPage: false },
      });
    });

    it('takes no page from before the first row', () => {
      expect(jump(0, 2)).toMatchObject({ kind: 'settled', span: { lo: 2, hi: 7, hasPreviousPage: false } });
    });

    it('leaves other positions as they are', () => {
      expect(jump(9, -2)).toMatchObject({ kind: 'settled', span: { lo: 10, hi: 15, hasPreviousPage: true } });
    });
  });
});
