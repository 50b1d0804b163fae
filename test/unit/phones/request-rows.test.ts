import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Secret } from '../../../src/domain/secret.ts';
import type { SipPage } from '../../../src/itnio/sip-page.ts';
import { createRowCache, type PhoneRun } from '../../../src/lists/row-cache.ts';
import type { Range } from '../../../src/paging/plan.ts';
import { emptyRunAtEnd, endOf, isTail, runFromPage } from '../../../src/paging/run.ts';
import { createRequestRows } from '../../../src/phones/request-rows.ts';
import { clockAt } from '../../support/manual-clock.ts';
import { APP, createVendorList } from '../../support/vendor-list.ts';

const { phonesOf } = createVendorList([]);

/** Rows `[lo, hi)` of a list of 1000, unless it says otherwise; `shift` rows have come before them, each row is named by where it stood. */
function run(lo: number, hi: number, { total = 1000, shift = 0, readAt = 0 } = {}): PhoneRun {
  const accounts = Array.from({ length: hi - lo }, (_, index) => `row-${lo + index - shift}`);
  return runFromPage({ lo, rows: phonesOf(accounts, APP), total, readAt });
}

function createFixture(keepMs = 0) {
  const time = { now: 0 };
  const cache = createRowCache({ keepMs, clock: clockAt(() => time.now) });
  const moves: boolean[] = [];
  const open = () => createRequestRows(APP, cache, (isTotalSame) => void moves.push(isTotalSame));
  return { time, cache, moves, open, rows: open() };
}

/** Neighbours of a range that stand together in none of these runs, each by the position of the first. */
function apartIn({ lo, hi }: Range, runs: readonly PhoneRun[]): number[] {
  const isTogether = (at: number) =>
    runs.some((each) => (each.isHead || each.lo <= at) && (isTail(each) || endOf(each) > at + 1));
  return Array.from({ length: Math.max(0, hi - lo - 1) }, (_, index) => lo + index).filter(
    (at) => !isTogether(at),
  );
}

function pairsOf(ranges: readonly Range[]): number[] {
  return ranges.flatMap(({ lo, hi }) => Array.from({ length: hi - lo - 1 }, (_, index) => lo + index));
}

describe('What is missing of a range', () => {
  const stretch = fc
    .record({ lo: fc.integer({ min: 0, max: 60 }), rows: fc.integer({ min: 1, max: 30 }) })
    .map(({ lo, rows }) => ({ lo, hi: Math.min(70, lo + rows) }));

  it('is every two neighbours that no run holds together, and no others', () => {
    fc.assert(
      fc.property(
        fc.array(stretch, { maxLength: 5 }),
        fc.array(stretch, { maxLength: 3 }),
        stretch,
        fc.boolean(),
        (read, kept, range, isFresh) => {
          const { cache, rows, open } = createFixture(1000);
          const runOf = ({ lo, hi }: Range) => run(lo, hi, { total: 70 });
          const others = open();
          for (const each of kept) others.addRun(runOf(each));
          const ofCache = cache.list(APP);
          // They are kept as well: what was kept before them is looked at first.
          for (const each of read) rows.addRun(runOf(each));
          const own = read.map(runOf);
          const missing = rows.listMissing(range.lo, range.hi, isFresh);
          const apart = [isFresh ? own : [...own, ...ofCache], own]
            .map((runs) => apartIn(range, runs))
            .find((pairs) => pairs.length > 0);
          expect(missing).toEqual(apart === undefined ? [range] : missing);
          if (apart !== undefined) expect(pairsOf(missing)).toEqual(apart);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is all of it where what covers it is of different moments', () => {
    const { rows } = createFixture();
    rows.addRun(run(0, 50, { total: 90 }));
    rows.addRun(run(40, 90, { total: 90, shift: 3 }));
    expect(rows.listMissing(10, 80, true)).toEqual([{ lo: 10, hi: 80 }]);
  });
});

describe('Rows that one run holds', () => {
  it('are those of the run that was read last', () => {
    const { rows } = createFixture();
    rows.addRun(run(0, 50));
    rows.addRun(run(10, 60, { shift: 1, total: 1001 }));
    rows.addRun(run(200, 300));
    expect(rows.find(20, 40, true)?.rows[10]?.account).toBe('row-19');
    expect(rows.find(0, 40, true)?.rows[10]?.account).toBe('row-10');
    expect(rows.find(0, 60, true)).toBeUndefined();
  });

  it('are joined with what was read before, and only where nothing has changed', () => {
    const { rows } = createFixture();
    rows.addRun(run(0, 50));
    rows.addRun(run(49, 90));
    expect(rows.find(0, 90, true)?.rows).toHaveLength(90);
    rows.addRun(run(89, 120, { total: 999 }));
    expect(rows.find(0, 120, true)).toBeUndefined();
    expect(rows.find(0, 90, true)?.rows).toHaveLength(90);
  });

  it('are not joined to more than 20,000 rows', () => {
    const { rows } = createFixture();
    rows.addRun(run(0, 20_000, { total: 30_000 }));
    rows.addRun(run(19_999, 20_001, { total: 30_000 }));
    expect(rows.find(0, 20_001, true)).toBeUndefined();
    expect(rows.find(0, 20_000, true)?.rows).toHaveLength(20_000);
    expect(rows.find(19_999, 20_001, true)?.rows).toHaveLength(2);
  });

  it('are forgotten when they are of two moments, unlike the phones that were on them', () => {
    const { rows } = createFixture();
    rows.addPage(pageOf(['row-3'], 'old'));
    rows.addRun(run(0, 50));
    rows.clear();
    expect(rows.find(0, 50, false)).toBeUndefined();
    expect(rows.getTotal()).toBeUndefined();
    expect(rows.findRead('row-3')?.phone.account).toBe('row-3');
  });
});

describe('Rows that are kept', () => {
  it('answer a request to its end once it was answered from them, and no later one', () => {
    const { time, rows, open } = createFixture(1000);
    open().addRun(run(0, 100));
    expect(rows.find(0, 50, true)).toBeUndefined();
    expect(rows.find(0, 50, false)?.rows).toHaveLength(100);
    expect(rows.findKept(0, 50)?.rows).toHaveLength(100);
    time.now = 1001;
    expect(rows.find(10, 20, false)?.rows).toHaveLength(100);
    expect(rows.find(10, 20, true)).toBeUndefined();
    expect(rows.findKept(10, 20)).toBeUndefined();
    expect(open().find(10, 20, false)).toBeUndefined();
  });

  it('are used together with those that are read beside them, and no longer so where they are contradicted', () => {
    const { time, rows, open } = createFixture(1000);
    open().addRun(run(0, 100));
    time.now = 900;
    rows.addRun(run(90, 150, { readAt: 900 }));
    expect(rows.find(0, 150, true)).toBeUndefined();
    expect(rows.find(0, 150, false)?.rows).toHaveLength(150);
    time.now = 1001;
    expect(rows.find(0, 150, false)?.rows).toHaveLength(150);
    rows.addRun(run(0, 50, { shift: 1, total: 1001, readAt: 1001 }));
    expect(rows.find(0, 50, false)?.rows[1]?.account).toBe('row-0');
  });

  it('are, of two moments, those that the request was answered from last', () => {
    const { time, rows, open } = createFixture(1000);
    open().addRun(run(0, 100));
    expect(rows.find(0, 50, false)?.rows[10]?.account).toBe('row-10');
    open().addRun(run(0, 120, { shift: 1, total: 1001 }));
    expect(rows.find(0, 110, false)?.rows[10]?.account).toBe('row-9');
    time.now = 1001;
    expect(rows.find(0, 50, false)?.rows[10]?.account).toBe('row-9');
  });

  it('do not expire for the request whose page they were joined to', () => {
    const { time, rows, open } = createFixture(1000);
    open().addRun(run(0, 100));
    time.now = 900;
    rows.addRun(run(90, 150, { readAt: 900 }));
    time.now = 1001;
    expect(rows.find(0, 150, false)?.rows).toHaveLength(150);
    expect(open().find(0, 150, false)).toBeUndefined();
  });

  it('are no rows of an empty answer behind the end', () => {
    const { rows, open } = createFixture(1000);
    rows.addRun(emptyRunAtEnd(80));
    expect(rows.getTotal()).toBe(80);
    expect(open().getTotal()).toBeUndefined();
    expect(open().find(80, 90, false)).toBeUndefined();
  });

  it('count as kept but where the request has read them itself', () => {
    const { rows, open } = createFixture(1000);
    open().addRun(run(0, 100));
    expect(rows.countKept(10, 60)).toBe(50);
    rows.addRun(run(20, 30));
    rows.addRun(run(50, 70, { total: 999 }));
    expect(rows.countKept(10, 60)).toBe(50 - 10 - 10);
    expect(rows.countKept(20, 30)).toBe(0);
    expect(rows.countKept(30, 31)).toBe(1);
  });
});

describe('The total of a list', () => {
  it('is that of the page read last, else that of what is kept', () => {
    const { rows, open } = createFixture(1000);
    expect(rows.getTotal()).toBeUndefined();
    open().addRun(run(0, 10, { total: 500 }));
    expect(rows.getTotal()).toBe(500);
    rows.addRun(run(100, 110, { total: 400 }));
    rows.addRun(run(200, 210, { total: 300 }));
    expect(rows.getTotal()).toBe(300);
  });
});

function pageOf(accounts: readonly string[], password: string | null): SipPage {
  return {
    total: 1000,
    current: 1,
    size: 100,
    phones: phonesOf(accounts, APP).map((phone) => ({ ...phone, phoneName: password })),
    passwords: accounts.map((account) =>
      password === null ? null : new Secret(`${password} secret of ${account}`),
    ),
  };
}

describe('A phone that this request has read itself', () => {
  it('is found on the latest page that shows it, with its password, also on a page that comes later', () => {
    const { rows } = createFixture();
    rows.addPage(pageOf(['row-1', 'row-2'], 'old'));
    expect(rows.findRead('row-2')?.password?.reveal()).toBe('old secret of row-2');
    expect(rows.findRead('row-3')).toBeUndefined();
    rows.addPage(pageOf(['row-2', 'row-3'], 'new'));
    expect(rows.findRead('row-1')?.password?.reveal()).toBe('old secret of row-1');
    expect(rows.findRead('row-2')?.password?.reveal()).toBe('new secret of row-2');
    expect(rows.findRead('row-3')?.phone.phoneName).toBe('new');
    expect(rows.findPhone('row-2')).toEqual({ phone: rows.findRead('row-2')?.phone, isKept: false });
  });

  it('has no password where the vendor sent none', () => {
    const { rows } = createFixture();
    rows.addPage(pageOf(['row-1'], null));
    expect(rows.findRead('row-1')?.password).toBeNull();
  });

  it('is on no page with fewer passwords than phones: to say that it has none would be a guess', () => {
    const { rows } = createFixture();
    rows.addPage({ ...pageOf(['row-2', 'row-3'], 'a'), passwords: [new Secret('of row-2')] });
    expect(rows.findRead('row-2')?.password?.reveal()).toBe('of row-2');
    expect(() => rows.findRead('row-3')?.password).toThrow(RangeError);
  });

  it('is else one that is kept; absent where the whole list is, and unknown where it is not', () => {
    const { rows, open } = createFixture(1000);
    open().addRun(run(0, 100));
    expect(rows.findPhone('row-7')).toMatchObject({ phone: { account: 'row-7' }, isKept: true });
    expect(rows.findPhone('row-100')).toBeUndefined();
    expect(rows.findRead('row-7')).toBeUndefined();
    open().addRun(run(0, 100, { total: 100 }));
    expect(rows.findPhone('row-100')).toBeNull();
  });
});

describe('Pages of different moments', () => {
  const older = { total: 1000 };
  const newer = { total: 1003, shift: 3 };

  it('are put together where they share rows, from the one that holds the first of the range on', () => {
    const { rows, moves } = createFixture();
    rows.addRun(run(0, 50, older));
    rows.addRun(run(45, 90, newer));
    const glued = rows.glue(10, 80);
    if ('kind' in glued) throw new Error(glued.kind);
    expect(glued.rows.map(({ account }) => account)).toEqual(
      Array.from({ length: 87 }, (_, index) => `row-${index}`),
    );
    expect(glued).toMatchObject({ lo: 3, total: 1003 });
    expect(moves).toEqual([false]);
    // It is in hand from then on.
    expect(rows.find(10, 80, true)).toBe(glued);
    expect(rows.getTotal()).toBe(1003);
  });

  it('say that a row has moved where no total explains it', () => {
    const { rows, moves } = createFixture();
    rows.addRun(run(0, 50));
    rows.addRun(run(45, 90, { shift: 3 }));
    expect('kind' in rows.glue(10, 80)).toBe(false);
    expect(moves).toEqual([true]);
  });

  it('say nothing where no row has moved', () => {
    const { rows, moves } = createFixture();
    rows.addRun(run(0, 50));
    rows.addRun(run(45, 90, { total: 1001 }));
    expect('kind' in rows.glue(10, 80)).toBe(false);
    expect(moves).toEqual([]);
  });

  it('begin with the latest page that holds the first row', () => {
    const { rows } = createFixture();
    rows.addRun(run(0, 50, older));
    rows.addRun(run(8, 60, newer));
    rows.addRun(run(300, 310, newer));
    rows.addRun(run(55, 90, { total: 1004, shift: 3 }));
    const glued = rows.glue(10, 80);
    expect('kind' in glued ? glued : glued.lo).toBe(8);
  });

  it.each([
    ['nothing holds the first row', [[11, 50]]],
    ['a page ends before the first row', [[2, 10]]],
    ['nothing goes on behind the first page', [[0, 50]]],
    [
      'what goes on begins behind its end',
      [
        [0, 50],
        [50, 90],
      ],
    ],
  ])('have a hole where %s', (_, pages) => {
    const { rows } = createFixture();
    for (const [lo = 0, hi = 0] of pages) rows.addRun(run(lo, hi));
    expect(rows.glue(10, 80)).toEqual({ kind: 'unread' });
  });

  it('begin at the head of the list, wherever that was counted', () => {
    const { rows } = createFixture();
    rows.addRun({ ...run(3, 60), isHead: true });
    rows.addRun(run(50, 90, { total: 1001 }));
    expect(rows.glue(0, 80)).toMatchObject({ isHead: true, total: 1001 });
  });

  it('are without an order where rows that both show stand otherwise', () => {
    const { rows } = createFixture();
    rows.addRun(run(0, 50));
    const next = run(45, 90);
    rows.addRun({
      ...next,
      rows: [...next.rows.slice(1, 2), ...next.rows.slice(0, 1), ...next.rows.slice(2)],
    });
    expect(rows.glue(10, 80)).toEqual({ kind: 'disorder' });
  });

  it('have a gap where they share no row any more, at the start of the second', () => {
    const { rows } = createFixture();
    rows.addRun(run(0, 50));
    rows.addRun(run(45, 90, { shift: -20, total: 980 }));
    expect(rows.glue(10, 80)).toEqual({ kind: 'gap', seamAt: 45 });
    // Both are still there: what is read for the gap is put between them.
    rows.addRun(run(15, 46, { shift: -20, total: 980 }));
    expect('kind' in rows.glue(10, 80)).toBe(false);
  });

  it('lose an older page that shares no row with a newer one before it: it is read again', () => {
    const { rows } = createFixture();
    rows.addRun(run(45, 90));
    rows.addRun(run(0, 50, { shift: -60, total: 940 }));
    expect(rows.glue(10, 80)).toEqual({ kind: 'unread' });
    expect(rows.listMissing(10, 80, true)).toEqual([{ lo: 49, hi: 80 }]);
  });

  it('lose no page for a gap but those that are older than all before it', () => {
    const { rows } = createFixture();
    // Counted by when they were read: the first page is third, the one that has a gap to it second.
    rows.addRun(run(45, 95, { total: 1001 }));
    rows.addRun(run(44, 90, { total: 980, shift: -60 }));
    rows.addRun(run(0, 50, { total: 1002 }));
    rows.addRun(run(94, 200, { total: 970, shift: -200 }));
    expect(rows.glue(10, 150)).toEqual({ kind: 'gap', seamAt: 94 });
  });

  it('lose as many as are older, one by one', () => {
    const { rows } = createFixture();
    rows.addRun(run(45, 95, { total: 1001 }));
    rows.addRun(run(44, 90, { total: 980, shift: -60 }));
    rows.addRun(run(43, 90, { total: 981, shift: -70 }));
    rows.addRun(run(0, 50, { total: 1002 }));
    rows.addRun(run(94, 200, { total: 970, shift: -200 }));
    expect(rows.glue(10, 150)).toEqual({ kind: 'gap', seamAt: 94 });
  });

  it('lose a page that is older than any that was put together before it', () => {
    const { rows } = createFixture();
    rows.addRun(run(0, 50));
    rows.addRun(run(80, 150, { total: 980, shift: -100 }));
    rows.addRun(run(45, 90, { total: 1001 }));
    expect(rows.glue(10, 120)).toEqual({ kind: 'unread' });
    expect(rows.listMissing(10, 120, true)).toEqual([{ lo: 89, hi: 120 }]);
  });
});
