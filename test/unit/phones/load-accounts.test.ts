import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DeadlineExceededError } from '../../../src/errors/request-errors.ts';
import { planPages } from '../../../src/paging/plan.ts';
import type { RequestPhones } from '../../../src/phones/phones.ts';
import { createRandom } from '../../support/scroll.ts';
import { countTurns } from '../../support/turns.ts';
import { APP, accountsUpTo, createVendorList, openDirectory } from '../../support/vendor-list.ts';

async function find(phones: RequestPhones, accounts: readonly string[]): Promise<(string | null)[]> {
  const found = await Promise.all(accounts.map((account) => phones.loadPhone(APP, account)));
  return found.map((phone) => phone?.account ?? null);
}

/** A hundred accounts spread over a list of 10,000. */
const SPREAD = Array.from({ length: 100 }, (_, index) => `row-${(index * 7919) % 10_000}`);

describe('loadPhone', () => {
  it('finds what is there and nothing else, in the order asked', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 400 }),
        fc.array(fc.integer({ min: 0, max: 450 }), { minLength: 1, maxLength: 30 }),
        fc.constantFrom(0, 60_000),
        async (total, asked, keepMs) => {
          const list = createVendorList(accountsUpTo(total));
          const { open } = openDirectory(list, { keepMs });
          const accounts = asked.map((index) => `row-${index}`);
          const expected = asked.map((index) => (index < total ? `row-${index}` : null));
          expect(await find(open(), accounts)).toEqual(expected);
          expect(await find(open(), accounts)).toEqual(expected);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('never lets a wrong last known position give a wrong row', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 300 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 40 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 10 }),
        async (total, deletions, asked) => {
          const list = createVendorList(accountsUpTo(total));
          const { open } = openDirectory(list);
          await find(open(), ['nobody']);
          for (const [turn, seed] of deletions.entries()) {
            list.accounts.splice(seed % (list.accounts.length + 1), 1);
            list.accounts.splice(seed % (list.accounts.length + 1), 0, `new-${turn}`);
          }
          const accounts = asked.map((index) => `row-${index % total}`);
          const expected = accounts.map((account) => (list.accounts.includes(account) ? account : null));
          expect(await find(open(), accounts)).toEqual(expected);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('stops reading when the phone is found', async () => {
    const list = createVendorList(accountsUpTo(10_000));
    expect(await find(openDirectory(list).open(), ['row-5'])).toEqual(['row-5']);
    expect(list.calls).toHaveLength(1);
  });

  it('reads a list of 10,000 by 114 calls before it says that a phone is not there', async () => {
    const list = createVendorList(accountsUpTo(10_000));
    expect(await find(openDirectory(list).open(), ['nobody'])).toEqual([null]);
    expect(list.calls).toHaveLength(114);
  });

  it.each([
    ['one account', ['nobody'], [1, 2, 4, 8, 8]],
    ['three accounts', ['nobody', 'no-one', 'none'], [8, 8, 8, 8, 8]],
  ])('reads more pages of a long list at a time with each step, for %s', async (_, accounts, steps) => {
    const list = createVendorList(accountsUpTo(10_000));
    const { open } = openDirectory(list);
    await open().loadWindow(APP, {}, 'count');
    const begun: (() => void)[] = [];
    list.beforeAnswer = () => new Promise((resolve) => begun.push(resolve));
    const finding = find(open(), accounts);
    const made: number[] = [];
    while (made.length < steps.length) {
      await new Promise(setImmediate);
      made.push(begun.length);
      for (const answer of begun.splice(0)) answer();
    }
    list.beforeAnswer = () => undefined;
    expect(made).toEqual(steps);
    await new Promise(setImmediate);
    for (const answer of begun.splice(0)) answer();
    expect(await finding).toEqual(accounts.map(() => null));
  });

  it('says from kept rows that a phone is not there only when the whole list is kept', async () => {
    const list = createVendorList(accountsUpTo(150));
    const { open } = openDirectory(list, { keepMs: 60_000 });
    await open().loadWindow(APP, { first: 10 }, 'rows');
    expect(await find(open(), ['nobody'])).toEqual([null]);
    const calls = list.calls.length;
    expect(calls).toBeGreaterThan(1);
    expect(await find(open(), ['nobody'])).toEqual([null]);
    expect(list.calls).toHaveLength(calls);
  });

  it('looks through pages that are kept without reading them again', async () => {
    const list = createVendorList(accountsUpTo(437));
    const { open } = openDirectory(list, { keepMs: 60_000 });
    await open().loadWindow(APP, { first: 100 }, 'rows');
    expect(list.calls).toEqual(['1/100']);
    expect(await find(open(), ['row-150'])).toEqual(['row-150']);
    expect(list.calls).toEqual(['1/100', '2/99', '3/98']);
  });

  it('finds a hundred accounts of 10,000 cold by one scan, and again by no more calls than pages hold them', async () => {
    const list = createVendorList(accountsUpTo(10_000));
    const { open } = openDirectory(list);
    expect(await find(open(), SPREAD)).toEqual(SPREAD);
    expect(list.calls.length).toBeLessThanOrEqual(114);

    list.calls.length = 0;
    expect(await find(open(), SPREAD)).toEqual(SPREAD);
    const distinctPages = new Set(SPREAD.map((account) => Math.floor(list.accounts.indexOf(account) / 100)));
    expect(list.calls.length).toBeLessThanOrEqual(distinctPages.size);
  });

  it('finds the others though one account is unknown', async () => {
    const list = createVendorList(accountsUpTo(500));
    const accounts = ['row-3', 'nobody', 'row-499'];
    expect(await find(openDirectory(list).open(), accounts)).toEqual(['row-3', null, 'row-499']);
  });

  it('finds a phone that has moved by 25 rows since it was seen, by one call', async () => {
    const list = createVendorList(accountsUpTo(1000));
    const { open } = openDirectory(list);
    await find(open(), ['row-500']);
    list.accounts.unshift(...Array.from({ length: 24 }, (_, index) => `new-${index}`));
    list.calls.length = 0;
    expect(await find(open(), ['row-500'])).toEqual(['row-500']);
    expect(list.calls).toHaveLength(1);
  });

  it('plans windows and accounts of one tick together', async () => {
    const list = createVendorList(accountsUpTo(90));
    const phones = openDirectory(list).open();
    await Promise.all([phones.loadWindow(APP, { first: 20 }, 'rows'), find(phones, ['row-80', 'row-3'])]);
    expect(list.calls).toHaveLength(1);
  });

  it('looks through as much of a list as the request may, and further at each try', async () => {
    const list = createVendorList(accountsUpTo(15_000));
    const { open } = openDirectory(list);
    await open().loadWindow(APP, {}, 'count');
    list.calls.length = 0;
    await expect(find(open(), ['row-14900'])).rejects.toMatchObject({
      code: 'QUERY_TOO_COMPLEX',
      retryable: true,
    });
    expect(list.calls).toHaveLength(120);
    expect(await find(open(), ['row-14900'])).toEqual(['row-14900']);
    expect(list.calls.length).toBeLessThan(180);
    await expect(find(open(), ['nobody'])).rejects.toMatchObject({ code: 'QUERY_TOO_COMPLEX' });
  });

  it('never says of a list that is too long, and of which nothing was known, that a phone is not in it', async () => {
    const list = createVendorList(accountsUpTo(15_000));
    const { open } = openDirectory(list);
    await expect(find(open(), ['nobody'])).rejects.toMatchObject({
      code: 'QUERY_TOO_COMPLEX',
      retryable: true,
    });
    expect(list.calls).toHaveLength(120);
    expect(await find(open(), ['row-14900'])).toEqual(['row-14900']);
  });

  it.each([
    [1_000_000, 120],
    [1_000_001, 0],
  ])('looks through a list of %i phones by %i calls a request', async (total, calls) => {
    const list = createVendorList(accountsUpTo(15_000));
    list.distort = (page) => ({ ...page, total });
    const { open } = openDirectory(list);
    await open().loadWindow(APP, {}, 'count');
    list.calls.length = 0;
    await expect(find(open(), ['nobody'])).rejects.toMatchObject({ code: 'QUERY_TOO_COMPLEX' });
    expect(list.calls).toHaveLength(calls);
  });

  it('goes on at the head of such a list, with the calls that are left, where it has come to the end', async () => {
    const list = createVendorList(accountsUpTo(15_000));
    const { open } = openDirectory(list);
    await open().loadWindow(APP, {}, 'count');
    await expect(find(open(), ['newcomer'])).rejects.toMatchObject({ code: 'QUERY_TOO_COMPLEX' });
    list.accounts.splice(300, 0, 'newcomer');
    list.calls.length = 0;
    expect(await find(open(), ['newcomer'])).toEqual(['newcomer']);
    expect(list.calls.length).toBeLessThan(120);
  });

  it('does not begin with a list that no number of tries would look through', async () => {
    const list = createVendorList([]);
    list.distort = (page) => ({ ...page, total: 1_000_001 });
    const { open } = openDirectory(list);
    await expect(open().loadWindow(APP, {}, 'count')).rejects.toMatchObject({ retryable: true });
    list.accounts = ['row-0'];
    await open().loadWindow(APP, {}, 'count');
    list.calls.length = 0;
    await expect(find(open(), ['nobody'])).rejects.toMatchObject({
      code: 'QUERY_TOO_COMPLEX',
      retryable: false,
    });
    expect(list.calls).toEqual([]);
  });

  it('gets further at the next try when a scan has run out of time', async () => {
    const list = createVendorList(accountsUpTo(5000));
    const { open } = openDirectory(list);
    list.beforeAnswer = () => {
      if (list.calls.length > 20) throw new DeadlineExceededError();
    };
    await expect(find(open(), ['row-4900'])).rejects.toThrow(DeadlineExceededError);
    const tried = list.calls.length;
    list.beforeAnswer = () => undefined;
    expect(await find(open(), ['row-4900'])).toEqual(['row-4900']);
    expect(list.calls.length - tried).toBeLessThan(planPages([{ lo: 0, hi: 4900 }]).length - 10);
  });

  it('reads on by more and more pages at a time, eight at the most', async () => {
    const list = createVendorList(accountsUpTo(5000));
    const { open } = openDirectory(list);
    list.beforeAnswer = () => {
      if (list.calls.length > 10) throw new DeadlineExceededError();
    };
    await expect(find(open(), ['nobody'])).rejects.toThrow(DeadlineExceededError);
    let underWay = 0;
    const most: number[] = [];
    list.beforeAnswer = async () => {
      underWay++;
      await new Promise(setImmediate);
      if (underWay > 0) most.push(underWay);
      underWay = 0;
    };
    expect(await find(open(), ['nobody'])).toEqual([null]);
    // The head alone, then from where the scan has stopped.
    expect(most.slice(0, 5)).toEqual([1, 1, 2, 4, 8]);
    expect(Math.max(...most)).toBe(8);
  });

  it('reads on to the start where an interrupted scan has begun in the middle', async () => {
    const list = createVendorList(accountsUpTo(2000));
    const { open } = openDirectory(list);
    list.beforeAnswer = () => {
      if (list.calls.length > 10) throw new DeadlineExceededError();
    };
    await expect(find(open(), ['nobody'])).rejects.toThrow(DeadlineExceededError);
    list.beforeAnswer = () => undefined;
    expect(await find(open(), ['nobody', 'fresh-to-memory'])).toEqual([null, null]);
  });

  it('finds accounts again after a row before them has gone, by hardly more calls', async () => {
    const list = createVendorList(accountsUpTo(10_000));
    const { open } = openDirectory(list);
    await find(open(), ['nobody']);
    list.accounts.shift();
    for (const accounts of [SPREAD.slice(1, 61), accountsUpTo(580).slice(500)]) {
      list.calls.length = 0;
      expect(await find(open(), accounts)).toEqual(accounts);
      expect(list.calls.length).toBeLessThanOrEqual(60);
    }
  });

  it('learns from the total how far the list has moved when nothing is where it was', async () => {
    const list = createVendorList(accountsUpTo(5000));
    const { open } = openDirectory(list);
    await find(open(), ['nobody']);
    list.accounts.unshift(...Array.from({ length: 300 }, (_, index) => `new-${index}`));
    list.calls.length = 0;
    expect(await find(open(), ['row-2000', 'row-4000'])).toEqual(['row-2000', 'row-4000']);
    expect(list.calls).toHaveLength(4);
  });

  it('answers the others when one account would take more calls than the request may make', async () => {
    const list = createVendorList(accountsUpTo(15_000));
    const { open } = openDirectory(list);
    await open().loadWindow(APP, { first: 20 }, 'rows');
    const phones = open();
    const [known, unknown] = await Promise.allSettled(
      ['row-3', 'nobody'].map((name) => phones.loadPhone(APP, name)),
    );
    expect(known).toMatchObject({ status: 'fulfilled', value: { account: 'row-3' } });
    expect(unknown).toMatchObject({ status: 'rejected', reason: { code: 'QUERY_TOO_COMPLEX' } });
  });

  it('does not look where accounts were last seen when there are not calls for that beside the scan that an unknown account takes', async () => {
    const list = createVendorList(accountsUpTo(10_000));
    const { open } = openDirectory(list);
    const known = SPREAD.slice(0, 99);
    await find(open(), known);
    expect(await find(open(), [...known, 'nobody'])).toEqual([...known, null]);
  });

  it('answers the others when the page of one cannot be read', async () => {
    const list = createVendorList(accountsUpTo(5000));
    const { open } = openDirectory(list);
    await find(open(), ['nobody']);
    list.beforeAnswer = ({ current, size }) => {
      if (current * size > 4000) throw new DeadlineExceededError();
    };
    const phones = open();
    const [near, far] = await Promise.allSettled(
      ['row-100', 'row-4500'].map((name) => phones.loadPhone(APP, name)),
    );
    expect(near).toMatchObject({ status: 'fulfilled' });
    expect(far).toMatchObject({ status: 'rejected', reason: { code: 'DEADLINE_EXCEEDED' } });
  });

  it('finds a phone on the first page of a list that was empty when last seen by one call', async () => {
    const list = createVendorList([]);
    const { open } = openDirectory(list);
    await open().loadWindow(APP, {}, 'count');
    list.accounts = accountsUpTo(5000);
    list.calls.length = 0;
    expect(await find(open(), ['row-3'])).toEqual(['row-3']);
    expect(list.calls).toHaveLength(1);
  });

  it('finds a phone on the first page though an earlier scan has stopped far behind it', async () => {
    const list = createVendorList(accountsUpTo(5000));
    const { open } = openDirectory(list);
    list.beforeAnswer = () => {
      if (list.calls.length > 30) throw new DeadlineExceededError();
    };
    await expect(find(open(), ['nobody'])).rejects.toThrow(DeadlineExceededError);
    list.beforeAnswer = () => undefined;
    list.calls.length = 0;
    list.accounts.unshift('newcomer');
    expect(await find(open(), ['newcomer'])).toEqual(['newcomer']);
    expect(list.calls).toHaveLength(1);
  });

  it('learns from its neighbour how far a phone has moved', async () => {
    const list = createVendorList(accountsUpTo(1000));
    const { open } = openDirectory(list);
    await find(open(), ['nobody']);
    list.accounts.unshift(...Array.from({ length: 20 }, (_, index) => `new-${index}`));
    list.accounts.length = 1000;
    list.calls.length = 0;
    expect(await find(open(), ['row-500', 'row-590'])).toEqual(['row-500', 'row-590']);
    expect(list.calls).toHaveLength(2);
  });

  it.each([[['row-500', 'row-590', 'row-10']], [['row-10', 'row-590', 'row-500']]])(
    'learns it from the nearest of those that were found, not from one far away that has not moved: %j',
    async (asked) => {
      const list = createVendorList(accountsUpTo(1000));
      const { open } = openDirectory(list);
      await find(open(), ['nobody']);
      list.accounts.splice(400, 0, ...Array.from({ length: 20 }, (_, index) => `new-${index}`));
      list.accounts.length = 1000;
      list.calls.length = 0;
      expect(await find(open(), asked)).toEqual(asked);
      expect(list.calls).toHaveLength(3);
    },
  );

  it.each([1, 2, 3, 4, 5, 8, 12])(
    'ends, beside a window at the end, though a row comes or goes after call %i',
    async (changeAfter) => {
      for (const change of ['comes', 'goes']) {
        const list = createVendorList(accountsUpTo(1500));
        let answered = 0;
        list.beforeAnswer = async () => {
          await new Promise(setImmediate);
          if (answered++ !== changeAfter) return;
          if (change === 'comes') list.accounts.unshift('newcomer');
          else list.accounts.shift();
        };
        const { result, busiest } = await countTurns(() => {
          const phones = openDirectory(list, { keepMs: 2000 }).open();
          return Promise.allSettled([
            phones.loadWindow(APP, { last: 90 }, 'rows'),
            phones.loadPhone(APP, 'absent'),
          ]);
        });
        const [window, phone] = result;
        expect(window.status === 'fulfilled' && window.value.nodes.length).toBe(90);
        if (phone.status === 'fulfilled') expect(phone.value).toBeNull();
        else expect(phone.reason).toMatchObject({ code: 'UPSTREAM_INCONSISTENT', retryable: true });
        expect(busiest).toBeLessThan(5000);
      }
    },
  );

  it('forgets no position for good: after 200 rows have come before them, the next batch costs what it did', async () => {
    const list = createVendorList(accountsUpTo(10_000));
    const { open } = openDirectory(list);
    await find(open(), ['nobody']);
    const callsFor = async (accounts: readonly string[]) => {
      list.calls.length = 0;
      expect(await find(open(), accounts)).toEqual(accounts);
      return list.calls.length;
    };
    const calm = await callsFor(SPREAD);
    list.accounts.unshift(...Array.from({ length: 200 }, (_, index) => `new-${index}`));
    await callsFor(SPREAD);
    expect(await callsFor(SPREAD)).toBeLessThanOrEqual(calm + 5);
    expect(await callsFor(['row-7000'])).toBeLessThanOrEqual(2);
    expect(await callsFor(['row-7000'])).toBe(1);
  });

  it('remembers the positions of two apps of 60,000 phones at a time', async () => {
    const list = createVendorList(accountsUpTo(60_000));
    const { open } = openDirectory(list, { callBudget: 1000 });
    for (const app of ['a', 'b']) await open().loadPhone(app, 'row-59000');
    list.calls.length = 0;
    for (const app of ['a', 'b', 'a']) expect(await open().loadPhone(app, 'row-30000')).not.toBeNull();
    expect(list.calls).toHaveLength(3);
  });

  it('says that a phone is not there though the list changes once while it is looked for', async () => {
    const random = createRandom(5);
    let calls = 0;
    for (let run = 0; run < 60; run++) {
      const list = createVendorList(accountsUpTo(1500));
      const [changeAt, position] = [Math.floor(random() * 18), Math.floor(random() * 1500)];
      let answered = 0;
      list.beforeAnswer = () => {
        if (answered++ === changeAt)
          list.accounts.splice(position, run % 2, ...(run % 2 ? [] : ['newcomer']));
      };
      expect(await find(openDirectory(list, { keepMs: 2000 }).open(), ['nobody'])).toEqual([null]);
      calls += list.calls.length;
      expect(list.calls.length).toBeLessThanOrEqual(3 * 18);
    }
    // Mostly a page or two more than the 18 of a calm list.
    expect(calls / 60).toBeLessThan(18 + 4);
  });

  it('does not look twice where a phone is no longer', async () => {
    const list = createVendorList(accountsUpTo(1000));
    const { open } = openDirectory(list);
    await find(open(), ['nobody']);
    list.accounts.splice(500, 1);
    expect(await find(open(), ['row-500'])).toEqual([null]);
    list.calls.length = 0;
    expect(await find(open(), ['row-500'])).toEqual([null]);
    expect(list.calls).toHaveLength(planPages([{ lo: 0, hi: 999 }]).length);
  });
});

describe('A phone that is on no page of a list that hides some of its rows', () => {
  it('is not said to be absent: nothing has proved it', async () => {
    const list = createVendorList(accountsUpTo(437));
    // Seven rows come twice, in the place of seven that the total counts.
    list.order = (accounts) => [...accounts.slice(0, 430), ...accounts.slice(0, 7)];
    const { open } = openDirectory(list);
    await expect(open().loadPhone(APP, 'row-433')).rejects.toMatchObject({
      code: 'UPSTREAM_INCONSISTENT',
      retryable: true,
    });
    expect(list.calls.length).toBeLessThanOrEqual(120);
  });
});
