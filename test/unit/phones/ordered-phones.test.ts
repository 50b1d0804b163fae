import { describe, expect, it } from '@jest/globals';
import { clockAt } from '../../support/manual-clock.ts';
import { APP, accountsUpTo, createVendorList, openDirectory } from '../../support/vendor-list.ts';

/** Turns of the event loop that others have while the work goes on. */
async function countTurnsOfOthers(work: () => unknown): Promise<number> {
  let turns = 0;
  let isDone = false;
  const beat = () => {
    if (isDone) return;
    turns++;
    setImmediate(beat);
  };
  setImmediate(beat);
  await work();
  isDone = true;
  return turns;
}

/** A list of 10,000 that was read before: what is counted is what its ordering takes. */
async function openKept(msOfEachLook: number) {
  const list = createVendorList(accountsUpTo(10_000));
  let now = 0;
  const { open } = openDirectory(list, {
    keepListMs: 60_000,
    clock: clockAt(() => {
      now += msOfEachLook;
      return now;
    }),
  });
  await open().loadWindow(APP, { first: 1, orderBy: { field: 'account', direction: 'asc' } }, 'rows');
  list.calls.length = 0;
  return { list, phones: open() };
}

describe('Ordering a long list', () => {
  it('lets others run every few milliseconds', async () => {
    const { list, phones } = await openKept(1);
    const orderBy = { field: 'phoneName', direction: 'asc' } as const;
    const turns = await countTurnsOfOthers(() => phones.loadWindow(APP, { first: 1, orderBy }, 'rows'));
    // Some 60 slices, each of a millisecond by this clock, and a turn after every four.
    expect(turns).toBeGreaterThan(10);
    expect(turns).toBeLessThan(30);
    expect(list.calls).toEqual([]);
  });

  it('is done at once where it takes no time', async () => {
    const { list, phones } = await openKept(0);
    const orderBy = { field: 'phoneName', direction: 'asc' } as const;
    const turns = await countTurnsOfOthers(() => phones.loadWindow(APP, { first: 1, orderBy }, 'rows'));
    expect(turns).toBe(0);
    expect(list.calls).toEqual([]);
  });
});
