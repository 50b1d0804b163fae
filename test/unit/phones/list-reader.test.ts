import { describe, expect, it } from '@jest/globals';
import { createReaders, holdAnswers } from '../../support/open-reader.ts';
import { accountsUpTo, createVendorList } from '../../support/vendor-list.ts';

const turn = () => new Promise(setImmediate);

/** A reader of a list whose calls are answered when a test says so. */
function createFixture() {
  const list = createVendorList(accountsUpTo(500));
  const { answerAll } = holdAnswers(list);
  const reader = createReaders(list).open();
  return { list, reader, answerAll };
}

describe('A page that a request reads already', () => {
  it('is not read twice', async () => {
    const { list, reader, answerAll } = createFixture();
    const first = reader.readPage({ current: 2, size: 100 }, false, false);
    await turn();
    const second = reader.readPage({ current: 2, size: 100 }, false, false);
    await turn();
    await answerAll();
    expect((await first).run?.rows).toEqual((await second).run?.rows);
    expect(list.calls).toEqual(['2/100']);
    expect(reader.list.cost).toMatchObject({ calls: 1, shared: 0 });
  });

  it('is not read twice where it must be fresh, and counts as one call', async () => {
    const { list, reader, answerAll } = createFixture();
    const first = reader.readPage({ current: 2, size: 100 }, true, false);
    await turn();
    const second = reader.readPage({ current: 2, size: 100 }, true, false);
    await turn();
    await answerAll();
    expect((await first).run).toBe((await second).run);
    expect(list.calls).toEqual(['2/100']);
    expect(reader.list.cost).toMatchObject({ calls: 1, shared: 0 });
  });

  it('is not read once more to check the order by it', async () => {
    const { list, reader, answerAll } = createFixture();
    const first = reader.readPage({ current: 1, size: 100 }, false, false);
    await turn();
    await answerAll();
    await first;
    // Both show row 5; they end at different rows.
    const other = reader.readPage({ current: 1, size: 99 }, true, false);
    await turn();
    const check = reader.checkOrderAt('row-5');
    await turn();
    await answerAll();
    await Promise.all([other, check]);
    expect(list.calls).toEqual(['1/100', '1/99']);
  });

  it('is read by a call of its own where it is wanted as it is from now on', async () => {
    const { list, reader, answerAll } = createFixture();
    const first = reader.readPage({ current: 2, size: 100 }, false, false);
    await turn();
    const again = reader.readPage({ current: 2, size: 100 }, false, true);
    await turn();
    expect(list.calls).toEqual(['2/100', '2/100']);
    await answerAll();
    expect((await again).run?.readAt).toBeGreaterThan((await first).run?.readAt ?? 0);
  });
});

describe('Two pages that meet without a row in common', () => {
  it('are joined by the smallest read that holds the rows on both sides', async () => {
    const { list, reader, answerAll } = createFixture();
    const pages = [1, 2].map((current) => reader.readPage({ current, size: 100 }, false, false));
    await turn();
    await answerAll();
    await Promise.all(pages);
    const options = { isFresh: false, readAhead: 'none', goesOn: false } as const;
    const reading = reader.read(90, 110, options);
    await turn();
    await answerAll();
    expect((await reading).rows).toHaveLength(200);
    expect(list.calls).toEqual(['1/100', '2/100', '34/3']);
  });
});

describe('Two pages of different moments that share a row', () => {
  it('are glued without a call, though the page before them was read last', async () => {
    const { list, reader, answerAll } = createFixture();
    for (const page of [
      { current: 2, size: 100 },
      { current: 3, size: 98 },
      { current: 1, size: 100 },
    ]) {
      const reading = reader.readPage(page, false, false);
      await turn();
      await answerAll();
      await reading;
      list.accounts.push(`new-${page.size}`);
    }
    const options = { isFresh: false, readAhead: 'none', goesOn: false } as const;
    const { lo, rows } = await reader.read(100, 250, options);
    expect(rows.slice(100 - lo, 250 - lo).map(({ account }) => account)).toEqual(
      list.accounts.slice(100, 250),
    );
    expect(list.calls).toEqual(['2/100', '3/98', '1/100']);
  });
});

describe('The count of a list', () => {
  it('is that of the page that was read last, without a call', async () => {
    const { list, reader, answerAll } = createFixture();
    for (const current of [1, 5]) {
      const reading = reader.readPage({ current, size: 100 }, false, false);
      await turn();
      await answerAll();
      await reading;
      list.accounts.splice(450, 1);
    }
    expect(await reader.count(1)).toBe(499);
    expect(list.calls).toEqual(['1/100', '5/100']);
  });
});

describe('Two pages of different moments that share no row', () => {
  const OPTIONS = { isFresh: false, readAhead: 'none', goesOn: false } as const;
  const READ_BEFORE = ['9/100', '10/99', '77/13'];

  it.each([
    [30, ['24/42']],
    [60, ['24/42', '13/75']],
    [150, ['24/42', '13/75', '10/90', '10/99', '11/98', '13/89']],
  ])(
    'are held together, where %i rows have left, by calls for rows before the second, else read again',
    async (left, repairs) => {
      const list = createVendorList(accountsUpTo(5000));
      const reader = createReaders(list).open();
      await reader.read(800, 1000, OPTIONS);
      expect(list.calls).toEqual(READ_BEFORE);
      list.accounts.splice(0, left);
      list.calls.length = 0;
      const { lo, rows } = await reader.read(810, 1150, OPTIONS);
      expect(list.calls).toEqual(['11/100', '19/61', ...repairs]);
      const asked = rows.map(({ account }) => account);
      const start = list.accounts.indexOf(asked[0] ?? '');
      expect(asked).toEqual(list.accounts.slice(start, start + rows.length));
      expect(lo + rows.length).toBe(start + rows.length);
      expect(lo).toBeLessThanOrEqual(810);
      expect(lo + rows.length).toBeGreaterThanOrEqual(1150);
      expect(reader.list.cost.driftRepairs).toBe(repairs.length > 2 ? 0 : 1);
    },
  );

  it('are given up after six rounds of calls', async () => {
    const list = createVendorList(accountsUpTo(5000));
    let answer = 0;
    list.distort = (page) => {
      answer++;
      return {
        ...page,
        phones: page.phones.map((phone) => ({ ...phone, account: `${phone.account}-${answer}` })),
      };
    };
    const reader = createReaders(list).open();
    const reading = reader.read(800, 980, OPTIONS);
    await expect(reading).rejects.toMatchObject({ code: 'UPSTREAM_INCONSISTENT', retryable: true });
    const [both, repairs] = [
      ['9/100', '10/98'],
      ['26/34', '13/68'],
    ];
    expect(list.calls).toEqual([...both, ...repairs, ...both, ...both, ...both]);
  });

  it('are read again at once where rows that both show have changed places', async () => {
    const list = createVendorList(accountsUpTo(5000));
    const reader = createReaders(list).open();
    await reader.read(0, 100, OPTIONS);
    list.accounts.splice(95, 2, 'row-96', 'row-95');
    await reader.readPage({ current: 2, size: 93 }, false, false);
    list.calls.length = 0;
    const { lo, rows } = await reader.read(0, 180, OPTIONS);
    expect(rows.slice(0, 180).map(({ account }) => account)).toEqual(list.accounts.slice(lo, 180));
    expect(list.calls).toEqual(['1/100', '2/90']);
  });
});
