import { describe, expect, it } from '@jest/globals';
import { createAppMemories } from '../../../src/lists/app-memory.ts';
import { runFromPage } from '../../../src/paging/run.ts';
import { SILENT } from '../../support/vendor-list.ts';

const rowsOf = (accounts: string) =>
  Object.freeze(
    [...accounts].map((account) => ({
      appId: 'app',
      account,
      phoneName: null,
      groupName: null,
      displayNum: null,
    })),
  );

/** Learns pages of 4 rows of a list of 8. */
function createFixture() {
  const memory = createAppMemories(SILENT, { monotonicNow: () => 0 }).forApp('app');
  const learn = (rows: ReturnType<typeof rowsOf>, lo: number, total = 8) =>
    memory.learn(runFromPage({ lo, rows, total, readAt: 0 }), { current: lo / 4 + 1, size: 4 })?.account;
  return { memory, learn };
}

describe('rows that come again as they were', () => {
  it('have not moved', () => {
    const { learn } = createFixture();
    const rows = rowsOf('abcd');
    for (let times = 0; times < 3; times++) expect(learn(rows, 0)).toBeUndefined();
  });

  it('have moved where another page has shown one of them elsewhere in between, each time', () => {
    const { learn } = createFixture();
    const first = rowsOf('abcd');
    const second = rowsOf('efgb');
    learn(first, 0);
    learn(first, 0);
    for (let times = 0; times < 3; times++) {
      expect(learn(second, 4)).toBe('b');
      expect(learn(first, 0)).toBe('b');
    }
  });

  it('have moved where they stand at another place', () => {
    const { learn } = createFixture();
    const rows = rowsOf('abcd');
    learn(rows, 0);
    learn(rows, 0);
    expect(learn(rows, 4)).toBe('a');
  });

  it('teach a position again that was forgotten', () => {
    const { memory, learn } = createFixture();
    const rows = rowsOf('abcd');
    learn(rows, 0);
    learn(rows, 0);
    memory.forget('c');
    expect(memory.getPosition('c')).toBeUndefined();
    learn(rows, 0);
    expect(memory.getPosition('c')).toBe(2);
  });

  it('are of the moment at which they came last', () => {
    const { learn } = createFixture();
    const rows = rowsOf('abcd');
    learn(rows, 0);
    learn(rows, 0, 9);
    // `c` was read at this total too, at another place.
    expect(learn(rowsOf('xcyz'), 4, 9)).toBe('c');
  });
});
