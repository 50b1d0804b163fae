import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CancelSignal } from '../../../src/domain/cancel.ts';
import { createSingleFlight } from '../../../src/lists/single-flight.ts';
import { clockAt } from '../../support/manual-clock.ts';
import { createRequester } from '../../support/requester.ts';
import { APP, accountsUpTo, createVendorList, openDirectory, passwordOf } from '../../support/vendor-list.ts';

describe('Kept rows', () => {
  it('answer again without a call until they are too old', async () => {
    let now = 0;
    const list = createVendorList(accountsUpTo(300));
    const { open } = openDirectory(list, { keepMs: 2000, clock: clockAt(() => now) });
    const first = await open().loadWindow(APP, { first: 20 }, 'rows');
    now = 2000;
    const again = await open().loadWindow(APP, { first: 20, after: first.pageInfo.endCursor }, 'rows');
    expect(again.nodes.map(({ account }) => account)).toEqual(list.accounts.slice(20, 40));
    expect(list.calls).toHaveLength(1);
    now = 2001;
    await open().loadWindow(APP, { first: 20 }, 'rows');
    expect(list.calls).toHaveLength(2);
  });

  it('are as old as their oldest page, so that a scroll does not keep them alive', async () => {
    let now = 0;
    const list = createVendorList(accountsUpTo(300));
    const { open } = openDirectory(list, { keepMs: 2000, clock: clockAt(() => now) });
    let after: string | null = null;
    for (let step = 0; step < 6; step++) {
      const window = await open().loadWindow(APP, { first: 30, after }, 'rows');
      after = window.pageInfo.endCursor;
      now += 300;
    }
    list.calls.length = 0;
    now = 2100;
    await open().loadWindow(APP, { first: 20 }, 'rows');
    expect(list.calls).toHaveLength(1);
  });

  it('are replaced by a page that disagrees', async () => {
    const list = createVendorList(accountsUpTo(300));
    const { open } = openDirectory(list, { keepMs: 60_000 });
    const first = await open().loadWindow(APP, { first: 90 }, 'rows');
    list.accounts.splice(50, 1);
    await open().loadWindow(APP, { first: 30, after: first.pageInfo.endCursor }, 'rows');
    const anew = await open().loadWindow(APP, { first: 100 }, 'rows');
    expect(anew.nodes.map(({ account }) => account)).toEqual(list.accounts.slice(0, 100));
  });

  it('hold no password: selecting it reads the row again, at its place, with the others of its page', async () => {
    const list = createVendorList(accountsUpTo(300));
    const { open } = openDirectory(list, { keepMs: 60_000 });
    await open().loadWindow(APP, { first: 20 }, 'rows');
    list.calls.length = 0;
    const phones = open();
    const window = await phones.loadWindow(APP, { first: 20 }, 'rows');
    expect(list.calls).toEqual([]);
    const passwords = await Promise.all(window.nodes.map((phone) => phones.loadPassword(phone)));
    expect(passwords.map((secret) => secret?.reveal())).toEqual(list.accounts.slice(0, 20).map(passwordOf));
    expect(list.calls).toHaveLength(1);
  });

  it('give passwords that this request has read itself without another call', async () => {
    const list = createVendorList(accountsUpTo(300));
    const phones = openDirectory(list, { keepMs: 60_000 }).open();
    const window = await phones.loadWindow(APP, { first: 20 }, 'rows');
    await Promise.all(window.nodes.map((phone) => phones.loadPassword(phone)));
    expect(list.calls).toHaveLength(1);
  });

  it('are as old as the call that brought them, whoever had started it', async () => {
    let now = 0;
    const list = createVendorList(accountsUpTo(300));
    const { open } = openDirectory(list, { keepMs: 2000, clock: clockAt(() => now) });
    let answer = () => {};
    list.beforeAnswer = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const first = open().loadWindow(APP, { first: 20 }, 'rows');
    while (list.calls.length < 1) await new Promise(setImmediate);
    now = 1900;
    const second = open().loadWindow(APP, { first: 20 }, 'rows');
    await new Promise(setImmediate);
    answer();
    await Promise.all([first, second]);
    expect(list.calls).toHaveLength(1);
    list.beforeAnswer = () => undefined;
    now = 2100;
    await open().loadWindow(APP, { first: 20 }, 'rows');
    expect(list.calls).toHaveLength(2);
  });

  it('keep none when told to keep none', async () => {
    const list = createVendorList(accountsUpTo(30));
    const { open } = openDirectory(list, { keepMs: 0 });
    await open().loadWindow(APP, { first: 20 }, 'rows');
    await open().loadWindow(APP, { first: 20 }, 'rows');
    expect(list.calls).toHaveLength(2);
  });

  it('give a null password for a phone that has gone meanwhile', async () => {
    const list = createVendorList(accountsUpTo(30));
    const { open } = openDirectory(list, { keepMs: 60_000 });
    const window = await open().loadWindow(APP, { first: 1 }, 'rows');
    list.accounts.shift();
    const [phone] = window.nodes;
    if (phone === undefined) throw new Error('a row was expected');
    expect(await open().loadPassword(phone)).toBeNull();
  });
});

describe('Page cursors', () => {
  it('jump to a page of their number, for as many calls as the next page', async () => {
    const list = createVendorList(accountsUpTo(1000));
    const { open } = openDirectory(list);
    const first = await open().loadWindow(APP, { first: 20 }, 'rows');
    const last = first.pageCursors?.last;
    expect(last).toMatchObject({ pageNumber: 50, isCurrent: false });
    list.calls.length = 0;
    const jumped = await open().loadWindow(APP, { first: 20, after: last?.cursor ?? null }, 'rows');
    expect(jumped.nodes.map(({ account }) => account)).toEqual(list.accounts.slice(980));
    expect(jumped.pageCursors?.around.find(({ isCurrent }) => isCurrent)?.pageNumber).toBe(50);
    expect(list.calls).toHaveLength(1);
  });
});

describe('Identical calls at one time', () => {
  it('are one: a hundred equal queries cost one call', async () => {
    const list = createVendorList(accountsUpTo(300));
    const { open } = openDirectory(list);
    const windows = await Promise.all(
      Array.from({ length: 100 }, () => open().loadWindow(APP, { first: 20 }, 'rows')),
    );
    expect(list.calls).toHaveLength(1);
    expect(new Set(windows.map(({ pageInfo }) => pageInfo.endCursor)).size).toBe(1);
  });

  it('go on for those who stay when others leave, and are aborted when the last one leaves', async () => {
    const list = createVendorList(accountsUpTo(300));
    const { directory } = openDirectory(list);
    let answer = () => {};
    let signal: CancelSignal | undefined;
    list.beforeAnswer = (_, options) => {
      signal = options.signal;
      return new Promise((resolve) => {
        answer = () => resolve();
      });
    };
    const leaving = Array.from({ length: 99 }, () => new AbortController());
    const open = (controller?: AbortController) =>
      directory
        .open({
          deadlineAt: performance.now() + 60_000,
          requester: createRequester(),
          ...(controller && { signal: controller.signal }),
        })
        .loadWindow(APP, { first: 20 }, 'rows');
    const left = leaving.map((controller) => expect(open(controller)).rejects.toThrow('gone'));
    const staying = open();
    while (list.calls.length === 0) await new Promise(setImmediate);
    for (const controller of leaving) controller.abort(new Error('gone'));
    await Promise.all(left);
    expect(signal?.aborted).toBe(false);
    answer();
    expect((await staying).nodes).toHaveLength(20);
    expect(list.calls).toHaveLength(1);

    const alone = new AbortController();
    const given = expect(open(alone)).rejects.toThrow('gone');
    while (list.calls.length === 1) await new Promise(setImmediate);
    alone.abort(new Error('gone'));
    await given;
    expect(signal?.aborted).toBe(true);
  });

  it('are not started once the time is as good as up', async () => {
    const list = createVendorList(accountsUpTo(10_000));
    const { open, directory } = openDirectory(list);
    const { pageCursors } = await open().loadWindow(APP, { first: 1 }, 'rows');
    list.calls.length = 0;
    const late = directory.open({ deadlineAt: performance.now() + 299, requester: createRequester() });
    const reading = late.loadWindow(APP, { first: 20, after: pageCursors?.last?.cursor ?? null }, 'rows');
    await expect(reading).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(list.calls).toEqual([]);
    expect(late.cost.calls).toBe(0);
  });

  it('are not shared with a request that must read anew and was opened after they started', async () => {
    const list = createVendorList(accountsUpTo(50));
    const { open } = openDirectory(list, { keepMs: 60_000 });
    const window = await open().loadWindow(APP, { first: 1 }, 'rows');
    const [phone] = window.nodes;
    if (phone === undefined) throw new Error('a row was expected');
    const answers: (() => void)[] = [];
    list.beforeAnswer = () => new Promise((resolve) => void answers.push(resolve));
    const first = open().loadPassword(phone);
    while (answers.length < 1) await new Promise(setImmediate);
    const second = open().loadPassword(phone);
    while (answers.length < 2) await new Promise(setImmediate);
    for (const answer of answers) answer();
    await Promise.all([first, second]);
    expect(list.calls).toHaveLength(3);
  });

  it('reject who runs out of time, and answer the others', async () => {
    const singleFlight = createSingleFlight<string>(clockAt(() => 0));
    let land = (_: string) => {};
    const start = () =>
      new Promise<string>((resolve) => {
        land = resolve;
      });
    const hurried = singleFlight.join('key', 0, { deadlineAt: 301, requester: createRequester() }, start);
    const patient = singleFlight.join('key', 0, { deadlineAt: 60_000, requester: createRequester() }, start);
    await expect(hurried.answer).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    land('landed');
    expect(await patient.answer).toBe('landed');
    expect([hurried.isShared, patient.isShared]).toEqual([false, true]);
  });
});

describe('The cost', () => {
  it('equals what the vendor counted, over any requests', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 400 }),
        fc.constantFrom(0, 60_000),
        fc.array(
          fc.array(
            fc.record({ size: fc.integer({ min: 0, max: 100 }), isTail: fc.boolean(), lookUp: fc.nat() }),
            {
              minLength: 1,
              maxLength: 4,
            },
          ),
          { minLength: 1, maxLength: 4 },
        ),
        async (total, keepMs, requests) => {
          const list = createVendorList(accountsUpTo(total));
          let served = 0;
          list.distort = (page) => {
            served += page.phones.length;
            return page;
          };
          const { open } = openDirectory(list, { keepMs });
          for (const asks of requests) {
            const phones = open();
            const before = { calls: list.calls.length, served };
            const answers = await Promise.all(
              asks.map(({ size, isTail }) =>
                phones.loadWindow(APP, isTail ? { last: size } : { first: size }, 'rows'),
              ),
            );
            const found = await Promise.all(
              asks.map(({ lookUp }) => phones.loadPhone(APP, `row-${lookUp % 500}`)),
            );
            const distinct = new Set(found.filter((phone) => phone !== null).map(({ account }) => account))
              .size;
            expect(phones.cost).toMatchObject({
              calls: list.calls.length - before.calls,
              rowsRead: served - before.served,
              rowsUsed: answers.reduce((rows, { nodes }) => rows + nodes.length, distinct),
              shared: 0,
              driftRepairs: 0,
            });
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('tells rows that were kept from rows that were read', async () => {
    const list = createVendorList(accountsUpTo(300));
    const { open } = openDirectory(list, { keepMs: 60_000 });
    await open().loadWindow(APP, { first: 90 }, 'rows');
    const phones = open();
    await phones.loadWindow(APP, { first: 20 }, 'rows');
    expect(phones.cost).toMatchObject({ calls: 0, rowsRead: 0, rowsUsed: 20, rowsKept: 20 });
  });

  it('counts only those rows of a window as kept that it has not read itself', async () => {
    const list = createVendorList(accountsUpTo(300));
    const { open } = openDirectory(list, { keepMs: 60_000 });
    const { pageInfo } = await open().loadWindow(APP, { first: 60 }, 'rows');
    list.calls.length = 0;
    const phones = open();
    await phones.loadWindow(APP, { first: 100, after: pageInfo.endCursor }, 'rows');
    expect(list.calls).toEqual(['2/99']);
    expect(phones.cost).toMatchObject({ calls: 1, rowsRead: 99, rowsUsed: 100, rowsKept: 99 - 60 });
  });

  it('counts phones found by account in kept rows as kept', async () => {
    const { open } = openDirectory(createVendorList(accountsUpTo(50)), { keepMs: 60_000 });
    await open().loadPhone(APP, 'row-7');
    const phones = open();
    await phones.loadPhone(APP, 'row-7');
    expect(phones.cost).toMatchObject({ calls: 0, rowsUsed: 1, rowsKept: 1 });
  });

  it('counts calls that another request has started as shared', async () => {
    const list = createVendorList(accountsUpTo(300));
    const { open } = openDirectory(list);
    const [first, second] = [open(), open()];
    await Promise.all([first, second].map((phones) => phones.loadWindow(APP, { first: 20 }, 'rows')));
    expect([first.cost.shared, second.cost.shared]).toEqual([0, 1]);
    expect(list.calls).toHaveLength(1);
  });
});
