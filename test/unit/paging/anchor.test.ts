import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Anchor, findAnchor, ROWS_THAT_PROVE_A_GAP } from '../../../src/paging/anchor.ts';
import { type Cursor, createCursorCodec } from '../../../src/paging/cursor.ts';
import { type ChangedList, changedLists, listOf, runOf } from './changing-list.ts';

const cursors = createCursorCodec([new Uint8Array(32)]).forApp('4luaKsL2');
const SIDES = ['after', 'before'] as const;

/** The cursor that a client holds of the row at a position. */
function cursorOf(list: readonly string[], position: number): Cursor {
  const text = cursors.encodeRow(position, list.length, list[position] ?? '', list[position - 1]);
  return cursors.decode(text, 'after');
}

const list = listOf(100);
const without = (...positions: readonly number[]) => list.filter((_, index) => !positions.includes(index));
const withInserted = (position: number, count: number) => [
  ...list.slice(0, position),
  ...Array.from({ length: count }, (_, index) => `new-${index}`),
  ...list.slice(position),
];

describe('findAnchor', () => {
  it('believes that a row is gone once 25 rows follow the one before it', () => {
    expect(ROWS_THAT_PROVE_A_GAP).toBe(25);
  });

  describe.each(SIDES)('for %s', (side) => {
    const find = (now: readonly string[], lo: number, hi: number, position = 40): Anchor =>
      findAnchor(cursorOf(list, position), runOf(now, lo, hi), side);

    it.each([
      ['where it was', list, 30, 60, 40, { kind: 'found', at: 40, next: 41 }],
      ['as the first row of what was read', list, 40, 60, 40, { kind: 'found', at: 40, next: 41 }],
      ['as the last row of what was read', list, 30, 41, 40, { kind: 'found', at: 40, next: 41 }],
      ['as the first row of the list', list, 0, 20, 0, { kind: 'found', at: 0, next: 1 }],
      ['as the last row of the list', list, 90, 100, 99, { kind: 'found', at: 99, next: 100 }],
      [
        'further on, behind rows that came',
        withInserted(5, 7),
        30,
        60,
        40,
        { kind: 'found', at: 47, next: 48 },
      ],
      ['further up, after rows that left', without(3, 4, 5), 30, 60, 40, { kind: 'found', at: 37, next: 38 }],
      ['without the row before it', without(39), 30, 60, 40, { kind: 'found', at: 39, next: 40 }],
      ['apart from the row before it', withInserted(40, 9), 30, 60, 40, { kind: 'found', at: 49, next: 50 }],
      ['once the first, now further on', withInserted(0, 9), 0, 20, 0, { kind: 'found', at: 9, next: 10 }],
    ])('finds the row %s', (_, now, lo, hi, position, anchor) => {
      expect(find(now, lo, hi, position)).toEqual(anchor);
    });

    it.each([
      ['and 25 rows follow', without(40), 30, 65, 40],
      ['and more than 25 rows follow', without(40), 30, 90, 40],
      ['and the list ends', without(40).slice(0, 45), 30, 45, 40],
    ])('resumes after the row before one that is gone %s', (_, now, lo, hi, position) => {
      expect(find(now, lo, hi, position)).toEqual({ kind: 'found', at: 40, next: 40 });
    });

    it('resumes at the end where the last row is gone', () => {
      expect(find(without(99), 90, 99, 99)).toEqual({ kind: 'found', at: 99, next: 99 });
    });

    it('resumes after the row before, wherever that is now', () => {
      expect(find(withInserted(5, 7).toSpliced(47, 1), 30, 90)).toEqual({
        kind: 'found',
        at: 47,
        next: 47,
      });
    });

    it('resumes at the start where the first row is gone and the whole list was read', () => {
      expect(find(without(0), 0, 99, 0)).toEqual({ kind: 'found', at: 0, next: 0 });
      expect(find([], 0, 0, 0)).toEqual({ kind: 'found', at: 0, next: 0 });
    });

    it('does not believe that the first row is gone before the whole list was read', () => {
      expect(find(without(0), 0, 98, 0)).toEqual({ kind: 'absent' });
      expect(find(without(0), 1, 99, 0)).toEqual({ kind: 'absent' });
    });

    it.each([
      ['neither was read', list, 60, 90],
      ['both are gone', without(39, 40), 30, 90],
      ['both are gone from a list read whole', without(39, 40), 0, 98],
      ['the list is empty', [], 0, 0],
    ])('finds nothing where %s', (_, now, lo, hi) => {
      expect(find(now, lo, hi)).toEqual({ kind: 'absent' });
    });

    it('names the disorder where the row now stands before the one that it stood behind', () => {
      const swapped = list.with(39, 'sip-40').with(40, 'sip-39');
      expect(find(swapped, 30, 60)).toEqual({ kind: 'disorder' });
      expect(find(swapped, 0, 100)).toEqual({ kind: 'disorder' });
      expect(find([...without(39), 'sip-39'], 30, 100)).toEqual({ kind: 'disorder' });
    });

    it('names the disorder though the row is where it was', () => {
      expect(find(list.with(39, 'sip-50').with(50, 'sip-39'), 30, 60)).toEqual({ kind: 'disorder' });
    });

    it('takes a bare position as it is, whatever was read', () => {
      for (const position of [-1, 0, 40, 5_000]) {
        const cursor = cursors.decode(cursors.encodePosition(position, 100), side);
        const place = { kind: 'found', at: position, next: position + 1 };
        expect(findAnchor(cursor, runOf(list, 30, 60), side)).toEqual(place);
        expect(findAnchor(cursor, runOf([], 0, 0), side)).toEqual(place);
      }
    });
  });

  it.each([24, 10, 0])('is unsure after the row before, with %i rows behind it', (following) => {
    const run = runOf(without(40), 30, 40 + following);
    expect(findAnchor(cursorOf(list, 40), run, 'after')).toEqual({ kind: 'unsure', predecessor: 39 });
  });

  it.each([24, 10, 0])('is sure of the row before a `before`, with %i rows behind it', (following) => {
    const run = runOf(without(40), 30, 40 + following);
    expect(findAnchor(cursorOf(list, 40), run, 'before')).toEqual({ kind: 'found', at: 40, next: 40 });
  });

  describe('under any change of the list', () => {
    const cases = changedLists(80)
      .filter(({ before }) => before.length > 0)
      .chain((changed) =>
        fc.record({
          changed: fc.constant(changed),
          position: fc.nat(changed.before.length - 1),
          lo: fc.nat(changed.after.length),
          rows: fc.integer({ min: 1, max: 100 }),
          side: fc.constantFrom(...SIDES),
        }),
      );

    /** Rows of the list as it is now that stood before the cursor's row, and behind it, when the cursor was made. */
    function divide({ before, stayed }: ChangedList, position: number) {
      const earlier = new Set(before.slice(0, position));
      const own = before[position];
      return {
        ahead: stayed.filter((account) => earlier.has(account)),
        behind: stayed.filter((account) => account !== own && !earlier.has(account)),
      };
    }

    it('finds the row wherever it was read', () => {
      fc.assert(
        fc.property(cases, ({ changed, position, lo, rows, side }) => {
          const at = changed.after.indexOf(changed.before[position] ?? '');
          fc.pre(at >= lo && at < lo + rows);
          const run = runOf(changed.after, lo, lo + rows);
          const anchor = findAnchor(cursorOf(changed.before, position), run, side);
          expect(anchor).toEqual({ kind: 'found', at, next: at + 1 });
        }),
        { numRuns: 300 },
      );
    });

    it('never resumes behind a row that followed, nor before one that preceded', () => {
      fc.assert(
        fc.property(cases, ({ changed, position, lo, rows, side }) => {
          const run = runOf(changed.after, lo, lo + rows);
          const anchor = findAnchor(cursorOf(changed.before, position), run, side);
          expect(anchor.kind).not.toBe('disorder');
          if (anchor.kind !== 'found') return;
          const { ahead, behind } = divide(changed, position);
          const cut = changed.after.slice(0, anchor.at);
          const rest = new Set(changed.after.slice(anchor.next));
          expect(cut.filter((account) => ahead.includes(account))).toEqual(ahead);
          expect(behind.every((account) => rest.has(account))).toBe(true);
        }),
        { numRuns: 1_000 },
      );
    });

    it('is unsure only where reading on can help', () => {
      fc.assert(
        fc.property(cases, ({ changed, position, lo, rows, side }) => {
          const run = runOf(changed.after, lo, lo + rows);
          const anchor = findAnchor(cursorOf(changed.before, position), run, side);
          if (anchor.kind !== 'unsure') return;
          expect(side).toBe('after');
          expect(changed.after[anchor.predecessor]).toBe(changed.before[position - 1]);
          expect(lo + rows).toBeLessThan(changed.after.length);
          expect(lo + rows - anchor.predecessor - 1).toBeLessThan(25);
        }),
        { numRuns: 300 },
      );
    });

    it('finds nothing only where neither row was read', () => {
      fc.assert(
        fc.property(cases, ({ changed, position, lo, rows, side }) => {
          const run = runOf(changed.after, lo, lo + rows);
          const anchor = findAnchor(cursorOf(changed.before, position), run, side);
          if (anchor.kind !== 'absent') return;
          const read = changed.after.slice(lo, lo + rows);
          expect(read).not.toContain(changed.before[position]);
          if (position > 0) expect(read).not.toContain(changed.before[position - 1]);
        }),
        { numRuns: 300 },
      );
    });
  });
});
