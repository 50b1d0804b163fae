import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Range } from '../../../src/paging/plan.ts';
import { createRandom } from '../../../src/sandbox/random.ts';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';
import { createPageCount, pointsOf } from '../../unit/paging/fewest-pages.ts';

const APP = 'Thousand';
const TOTAL = 1000;
const countFewestPages = createPageCount(100);

describe('windows', () => {
  let gateway: ServedGateway;
  /** Of each row, by its position. */
  let cursors: readonly string[];
  let accounts: readonly string[];

  beforeAll(async () => {
    gateway = await serveGateway({
      variables: { PHONES_CACHE_TTL_MS: '0' },
      apps: [{ appId: APP, name: 'A thousand phones', phones: TOTAL }],
    });
    accounts = gateway.sandbox.control.getPhones(APP).map(({ account }) => account);
    cursors = await readCursors(gateway);
  });
  beforeEach(() => gateway.sandbox.calls.reset());
  afterAll(() => gateway.close());

  /** A window that starts at a row, as an alias; `start` 0 needs no cursor. */
  const windowAt = (start: number, size: number, alias: string) =>
    `${alias}: phones(first: ${size}${start === 0 ? '' : `, after: "${cursors[start - 1]}"`}) { nodes { account } }`;

  const readWindows = async (windows: readonly (readonly [start: number, size: number])[]) => {
    const fields = windows.map(([start, size], index) => windowAt(start, size, `w${index}`));
    const { json } = await gateway.post({ query: `{ app(appId: "${APP}") { ${fields.join(' ')} } }` });
    expect(json.errors).toBeUndefined();
    return windows.map((_, index) =>
      json.data.app[`w${index}`].nodes.map(({ account }: { account: string }) => account),
    );
  };

  it('of 20, ten at a time, take the fewest calls that there are, in each of 50 draws', async () => {
    const random = createRandom(20261124);
    let calls = 0;
    for (let draw = 0; draw < 50; draw++) {
      const starts = Array.from({ length: 10 }, () => Math.floor(random() * (TOTAL - 20)));
      gateway.sandbox.calls.reset();
      const rows = await readWindows(starts.map((start) => [start, 20]));
      expect(rows).toEqual(starts.map((start) => accounts.slice(start, start + 20)));

      // The row that the cursor stands on, and the one before it, by which the cursor proves itself.
      const ranges: Range[] = starts.map((start) => ({ lo: start - (start > 1 ? 2 : 1), hi: start + 20 }));
      const least = countFewestPages(pointsOf(ranges, TOTAL));
      expect([draw, gateway.sandbox.calls.total]).toEqual([draw, least]);
      calls += least;
    }
    // By the book it is a call for each of them.
    expect(calls / 50).toBeLessThanOrEqual(6.3);
  });

  it.each([1, 20, 47, 48])('of %i take one call, wherever they start', async (size) => {
    const random = createRandom(size);
    const starts = [0, 1, 2, 99, 100, 101, TOTAL - size, TOTAL - 1];
    for (let draw = 0; draw < 20; draw++) starts.push(Math.floor(random() * TOTAL));
    for (const start of starts) {
      gateway.sandbox.calls.reset();
      expect(await readWindows([[start, size]])).toEqual([accounts.slice(start, start + size)]);
      expect([start, gateway.sandbox.calls.total]).toEqual([start, 1]);
    }
  });

  it('that are the same cost as much as one', async () => {
    const rows = await readWindows(Array.from({ length: 10 }, () => [500, 20] as const));
    expect(rows).toEqual(Array.from({ length: 10 }, () => accounts.slice(500, 520)));
    expect(gateway.sandbox.calls.total).toBe(1);
  });

  it('of which only the app is asked cost nothing', async () => {
    const { json } = await gateway.post({ query: '{ apps { appId } }' });
    expect(json.data).toEqual({ apps: [{ appId: APP }] });
    expect(gateway.sandbox.calls.total).toBe(0);
  });

  it('of which only the count is asked cost one call for one row', async () => {
    const { json } = await gateway.post({ query: `{ app(appId: "${APP}") { phones { totalCount } } }` });
    expect(json.data.app.phones).toEqual({ totalCount: TOTAL });
    expect(gateway.sandbox.calls.recent).toMatchObject([{ current: 1, size: 1 }]);
  });

  it('that jump to page 37 cost what the next page costs', async () => {
    const query = (after: string) =>
      `{ app(appId: "${APP}") { phones(first: 20${after}) { nodes { account } pageCursors { around { pageNumber cursor isCurrent } last { pageNumber cursor } } } } }`;
    const first = await gateway.post({ query: query('') });
    const { last } = first.json.data.app.phones.pageCursors;
    expect(last.pageNumber).toBe(50);

    const late = await gateway.post({ query: query(`, after: "${last.cursor}"`) });
    const { around } = late.json.data.app.phones.pageCursors;
    expect(around.map(({ pageNumber }: { pageNumber: number }) => pageNumber)).toEqual([46, 47, 48, 49, 50]);

    gateway.sandbox.calls.reset();
    const jump = await gateway.post({ query: query(`, after: "${around[0].cursor}"`) });
    expect(jump.json.data.app.phones.nodes[0]).toEqual({ account: accounts[900] });
    expect(gateway.sandbox.calls.total).toBe(1);
  });
});

/** The cursor of each row, in order. */
async function readCursors({ post }: ServedGateway): Promise<string[]> {
  const query = `query ($after: String) { app(appId: "${APP}") { phones(first: 100, after: $after) { pageInfo { hasNextPage endCursor } edges { cursor } } } }`;
  const cursors: string[] = [];
  for (let after: string | undefined; ; after = cursors.at(-1)) {
    const { json } = await post({ query, variables: { after } });
    const { edges, pageInfo } = json.data.app.phones;
    cursors.push(...edges.map(({ cursor }: { cursor: string }) => cursor));
    if (!pageInfo.hasNextPage) return cursors;
  }
}
