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
