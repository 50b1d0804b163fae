import { describe, expect, it } from '@jest/globals';
import { UpstreamTimeoutError } from '../../../src/errors/upstream-errors.ts';
import { createReaders, holdAnswers } from '../../support/open-reader.ts';
import { accountsUpTo, createVendorList } from '../../support/vendor-list.ts';

const turn = () => new Promise(setImmediate);
const PLAIN = { isFresh: false, readAhead: 'none', goesOn: false } as const;

function createFixture(total = 1000) {
  const list = createVendorList(accountsUpTo(total));
  return { list, ...createReaders(list) };
}

/** Calls that all that is asked in one tick takes. */
async function callsFor(
  ask: (reader: ReturnType<ReturnType<typeof createFixture>['open']>) => readonly Promise<unknown>[],
  total?: number,
) {
  const { list, open } = createFixture(total);
  await Promise.all(ask(open()));
  return list.calls;
}

describe('What is asked in one tick', () => {
  it('takes one call for the same page, whoever asks for it', async () => {
    const page = { current: 3, size: 100 };
    expect(
      await callsFor((reader) => [
        reader.readPage(page, false, false),
        reader.readPage({ ...page }, false, false),
      ]),
    ).toEqual(['3/100']);
  });

  it('takes no call for rows of a page that is asked for', async () => {
    expect(
      await callsFor((reader) => [
        reader.readPage({ current: 3, size: 100 }, false, false),
        reader.read(200, 300, PLAIN),
        reader.read(250, 260, PLAIN),
        reader.count(1),
      ]),
    ).toEqual(['3/100']);
  });

  it('takes the calls of its rows beside those of its pages, none of them twice', async () => {
    expect(
      await callsFor((reader) => [
        reader.readPage({ current: 1, size: 100 }, false, false),
        reader.readPage({ current: 9, size: 100 }, false, false),
        reader.read(0, 150, PLAIN),
      ]),
    ).toEqual(['1/100', '9/100', '2/75']);
  });

  it('takes the calls of all ranges together', async () => {
    expect(
      await callsFor((reader) => [
        reader.read(0, 10, PLAIN),
        reader.read(20, 30, PLAIN),
        reader.read(5, 25, PLAIN),
      ]),
    ).toEqual(['1/30']);
  });

  it.each([
    [[7], '1/7'],
    [[1, 40, 3], '1/40'],
    [[500], '1/100'],
  ])('takes for the count alone one call of as many rows as are expected: %j', async (expected, call) => {
    expect(await callsFor((reader) => expected.map((rows) => reader.count(rows)))).toEqual([call]);
  });

  it.each([
    [['backward', 'backward'], '3/87'],
    [['forward', 'forward'], '4/83'],
    [['backward', 'forward'], '4/83'],
    [['none', 'none'], '26/10'],
  ] as const)(
    'reads ahead as all of it asks, and forward where it does not agree: %j',
    async (directions, call) => {
      const calls = await callsFor(
        (reader) => directions.map((readAhead) => reader.read(250, 260, { ...PLAIN, readAhead })),
        5000,
      );
      expect(calls).toEqual([call]);
    },
  );
});

describe('Calls that a request may not make', () => {
  it('are none, and fail all that was asked with them', async () => {
    const { list, open } = createFixture();
    const reader = open({ calls: 1 });
    const asked = await Promise.allSettled([
      reader.read(0, 150, PLAIN),
      reader.readPage({ current: 1, size: 100 }, false, false),
      reader.count(1),
    ]);
    for (const each of asked)
      expect(each).toMatchObject({ status: 'rejected', reason: { code: 'QUERY_TOO_COMPLEX' } });
    expect(list.calls).toEqual([]);
    expect(reader.list.budget.left).toBe(1);
    await reader.read(0, 100, PLAIN);
    expect(reader.list.budget.left).toBe(0);
  });

  it('are planned no further than they may be made', async () => {
    const { list, open } = createFixture();
    await expect(open({ calls: 20 }).read(0, 1e9, PLAIN)).rejects.toMatchObject({
      code: 'QUERY_TOO_COMPLEX',
    });
    expect(list.calls).toEqual([]);
  });
});

describe('A call that another request has under way', () => {
  it('answers a request that takes what is kept, and not one that was opened after it began and must read anew', async () => {
    const { list, open } = createFixture();
    const { answerAll } = holdAnswers(list);
    const early = open();
    const first = open().read(0, 50, PLAIN);
    await turn();
    const late = open();
    const others = [late.read(0, 50, PLAIN), early.read(0, 50, { ...PLAIN, isFresh: true })];
    await turn();
    expect(list.calls).toEqual(['1/50']);
    const anew = open().read(0, 50, { ...PLAIN, isFresh: true });
    const page = open().readPage({ current: 1, size: 50 }, true, false);
    await turn();
    // The second of them was opened before the call of the first began.
    expect(list.calls).toEqual(['1/50', '1/50']);
    await answerAll();
    await Promise.all([first, ...others, anew, page]);
    expect(late.list.cost).toMatchObject({ calls: 1, shared: 1 });
  });
});

describe('A page that is wanted as it is from now on', () => {
  it('answers those who ask for it meanwhile, though the call before it has ended', async () => {
    const { list, open } = createFixture();
    const answers: (() => void)[] = [];
    list.beforeAnswer = () => new Promise((resolve) => answers.push(resolve));
    const reader = open();
    const page = { current: 2, size: 100 };
    const first = reader.readPage(page, false, false);
    await turn();
    const again = reader.readPage(page, false, true);
    await turn();
    answers[0]?.();
    await first;
    const joined = reader.readPage(page, false, false);
    await turn();
    expect(list.calls).toHaveLength(2);
    answers[1]?.();
    expect((await joined).run).toBe((await again).run);
    // None is under way any more.
    const later = reader.readPage(page, false, false);
    await turn();
    answers[2]?.();
    await later;
    expect(list.calls).toHaveLength(3);
  });

  it('does not have the other pages of the same step read anew', async () => {
    const { list, open } = createFixture();
    const { answerAll } = holdAnswers(list);
    const pages = [1, 2].map((current) => ({ current, size: 100 }));
    const others = pages.map((page) => open().readPage(page, false, false));
    await turn();
    const reader = open();
    const reading = pages.map((page) => reader.readPage(page, false, page.current === 2));
    await turn();
    expect(list.calls).toEqual(['1/100', '2/100', '2/100']);
    await answerAll();
    await Promise.all([...others, ...reading]);
  });
});

describe('A call that fails', () => {
  it('fails the page that was asked for, the rows that need it and the count, and nothing else', async () => {
    const { list, open } = createFixture();
    list.beforeAnswer = ({ current, size }) => {
      if (current * size > 300) throw new UpstreamTimeoutError();
    };
    const reader = open();
    const outcomes = await Promise.allSettled([
      reader.readPage({ current: 9, size: 100 }, false, false),
      reader.readPage({ current: 2, size: 100 }, false, false),
      reader.read(0, 10, PLAIN),
      reader.read(290, 310, PLAIN),
      reader.read(600, 610, PLAIN),
      reader.count(1),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    for (const each of outcomes)
      if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(UpstreamTimeoutError);
    list.beforeAnswer = () => {
      throw new UpstreamTimeoutError();
    };
    await expect(open().count(1)).rejects.toBeInstanceOf(UpstreamTimeoutError);
  });

  it('fails nothing that is in hand in another way', async () => {
    const { list, open } = createFixture();
    const reader = open();
    await reader.read(0, 100, PLAIN);
    list.beforeAnswer = () => {
      throw new UpstreamTimeoutError();
    };
    const [range, page] = await Promise.allSettled([
      reader.read(20, 40, PLAIN),
      reader.readPage({ current: 1, size: 50 }, false, false),
    ]);
    expect([range.status, page.status]).toEqual(['fulfilled', 'rejected']);
  });
});

describe('Rows that have moved though the total is the same', () => {
  /** Row 5 was seen on a page of 100; another row has come before it, and the last one has left. */
  async function createMoved(
    read: (reader: ReturnType<ReturnType<typeof createFixture>['open']>) => Promise<unknown>,
  ) {
    const { list, open } = createFixture();
    await open().read(0, 100, PLAIN);
    list.accounts.unshift('new');
    list.accounts.pop();
    list.calls.length = 0;
    await read(open());
    return list.calls;
  }

  it.each([
    ['a range that continues another', 0, 50, true, ['1/50', '1/100']],
    ['a range of more than 100 rows', 0, 101, false, ['1/100', '34/3', '1/100']],
    ['a range of 100 rows', 0, 100, false, ['1/100']],
  ])('have the order checked once for %s', async (_, lo, hi, goesOn, calls) => {
    const made = await createMoved((reader) => reader.read(lo, hi, { ...PLAIN, goesOn }));
    expect([...made].sort()).toEqual([...calls].sort());
  });

  it('are an error where the page that should tell has no place in the list', async () => {
    const { list, open } = createFixture();
    await open().read(0, 100, PLAIN);
    list.accounts.unshift('new');
    list.accounts.pop();
    list.distort = (page, { size }) => (size === 100 ? { ...page, phones: page.phones.slice(1) } : page);
    const reading = open().read(0, 50, { ...PLAIN, goesOn: true });
    await expect(reading).rejects.toMatchObject({ code: 'UPSTREAM_INCONSISTENT', retryable: true });
  });

  it('take a call out of the budget for the check', async () => {
    const { list, open } = createFixture();
    await open().read(0, 100, PLAIN);
    list.accounts.unshift('new');
    list.accounts.pop();
    const reader = open({ calls: 5 });
    await reader.read(0, 50, { ...PLAIN, goesOn: true });
    expect(reader.list.budget.left).toBe(3);
    expect(reader.list.cost.calls).toBe(2);
  });

  it('are proved by a page that was asked for, whatever the order', async () => {
    expect(await createMoved((reader) => reader.readPage({ current: 1, size: 50 }, false, false))).toEqual([
      '1/50',
    ]);
  });

  it('take no second check by the same request', async () => {
    const calls = await createMoved(async (reader) => {
      await reader.read(0, 50, { ...PLAIN, goesOn: true });
      await reader.checkOrderAt('row-5');
    });
    expect(calls).toEqual(['1/50', '1/100']);
  });
});

describe('The order of a list', () => {
  it('is checked at a row by a page that ends elsewhere than the one that has shown it; at an unknown row by none', async () => {
    const { list, open } = createFixture();
    const reader = open();
    await reader.read(0, 100, PLAIN);
    await reader.checkOrderAt('nobody');
    expect(list.calls).toEqual(['1/100']);
    await reader.checkOrderAt('row-5');
    expect(list.calls).toEqual(['1/100', '1/99']);
  });

  it('is checked by a call that began after the request, whatever another has under way', async () => {
    const { list, open } = createFixture();
    await open().read(0, 100, PLAIN);
    const { answerAll } = holdAnswers(list);
    const other = open().readPage({ current: 1, size: 99 }, false, false);
    await turn();
    const check = open().checkOrderAt('row-5');
    await turn();
    expect(list.calls).toEqual(['1/100', '1/99', '1/99']);
    await answerAll();
    await Promise.all([other, check]);
  });
});
