import { describe, expect, it } from '@jest/globals';
import type { Phone } from '../../../src/domain/phone.ts';
import { createRowCache, type PhoneRun } from '../../../src/lists/row-cache.ts';
import { clockAt } from '../../support/manual-clock.ts';

const TOTAL = 1000;

function phone(account: string): Phone {
  return { appId: 'app', account, phoneName: null, groupName: null, displayNum: null };
}

/** Rows `[lo, hi)` of a list of 1000, unless it says otherwise, each account named by its position. */
function run(lo: number, hi: number, readAt = 0, total = TOTAL): PhoneRun {
  const rows = Array.from({ length: hi - lo }, (_, index) => phone(`row-${lo + index}`));
  return { lo, rows, total, isHead: lo === 0, readAt };
}

describe('createRowCache', () => {
  it('joins runs that overlap and agree', () => {
    const store = createRowCache({ keepMs: 1000, clock: clockAt(() => 0) });
    store.keep('app', run(0, 100));
    store.keep('app', run(90, 150));
    expect(store.find('app', 0, 150)?.rows).toHaveLength(150);
    expect(store.list('app')).toHaveLength(1);
  });

  it('keeps a list of 50,000 whole in runs of at most 20,000 rows, none of which is copied for each later page', () => {
    const store = createRowCache({ keepMs: 1000, clock: clockAt(() => 0) });
    for (let lo = 0; lo < 50_000; lo += 99) store.keep('app', run(lo, Math.min(lo + 100, 50_000), 0, 50_000));
    const lengths = store.list('app').map(({ rows }) => rows.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(20_000);
    expect(lengths).toHaveLength(3);
    for (const row of [0, 19_999, 20_001, 49_999])
      expect(store.findPhone('app', `row-${row}`)?.account).toBe(`row-${row}`);
  });

  it('finds a phone in whichever run was joined last', () => {
    const store = createRowCache({ keepMs: 1000, clock: clockAt(() => 0) });
    for (let lo = 0; lo < 400; lo += 90) store.keep('app', run(lo, lo + 100));
    expect(store.findPhone('app', 'row-3')?.account).toBe('row-3');
    expect(store.findPhone('app', 'row-455')?.account).toBe('row-455');
    expect(store.findPhone('app', 'nobody')).toBeUndefined();
  });

  it('puts a run in the place of those that it contradicts', () => {
    const store = createRowCache({ keepMs: 1000, clock: clockAt(() => 0) });
    store.keep('app', run(0, 100));
    const moved = run(51, 150);
    store.keep('app', { ...moved, lo: 50, total: TOTAL - 1 });
    expect(store.find('app', 0, 50)).toBeUndefined();
    expect(store.find('app', 50, 149)?.rows[0]?.account).toBe('row-51');
  });

  it('keeps nothing of a list in which rows have changed places', () => {
    const store = createRowCache({ keepMs: 1000, clock: clockAt(() => 0) });
    store.keep('app', run(0, 100));
    const swapped = run(50, 150);
    const rows = [...swapped.rows.slice(1, 2), ...swapped.rows.slice(0, 1), ...swapped.rows.slice(2)];
    expect(store.keep('app', { ...swapped, rows })).toBeUndefined();
    expect(store.list('app')).toEqual([]);
  });

  it('keeps nothing of a list in which an account stands on two pages', () => {
    const store = createRowCache({ keepMs: 1000, clock: clockAt(() => 0) });
    store.keep('app', run(0, 100));
    const next = run(99, 150);
    expect(store.keep('app', { ...next, rows: [...next.rows.slice(0, -1), phone('row-7')] })).toBeUndefined();
    expect(store.list('app')).toEqual([]);
  });

  it('makes room for new runs by dropping those kept first', () => {
    const store = createRowCache({ keepMs: 1000, clock: clockAt(() => 0), maxRows: 250 });
    for (const lo of [0, 200, 400]) store.keep('app', run(lo, lo + 100));
    expect(store.list('app').map((each) => each.lo)).toEqual([400, 200]);
  });

  it('counts the bytes of texts, not only rows', () => {
    const store = createRowCache({ keepMs: 1000, clock: clockAt(() => 0), maxBytes: 40_000 });
    const rows = [{ ...phone('a'), phoneName: 'x'.repeat(30_000) }];
    store.keep('app', { ...run(0, 1), rows });
    expect(store.list('app')).toEqual([]);
  });

  it('shows an app nothing of another', () => {
    const store = createRowCache({ keepMs: 1000, clock: clockAt(() => 0) });
    store.keep('app', run(0, 100));
    expect(store.find('other', 0, 100)).toBeUndefined();
    expect(store.findPhone('other', 'row-3')).toBeUndefined();
  });
});
