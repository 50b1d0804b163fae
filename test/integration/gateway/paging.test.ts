import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DEFAULT_APPS } from '../../../src/sandbox/apps.ts';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';
import { walkTab } from '../../support/tab-walk.ts';

// Ten thousand phones in pages of 20 are 500 requests one after the other.
jest.setTimeout(60_000);

const APP_IDS = DEFAULT_APPS.map(({ appId }) => appId);

describe('paging with the queries of the GraphiQL tabs', () => {
  let gateway: ServedGateway;
  beforeAll(async () => {
    gateway = await serveGateway({ variables: { PHONES_CACHE_TTL_MS: '0' } });
  });
  beforeEach(() => gateway.sandbox.calls.reset());
  afterAll(() => gateway.close());

  it.each(APP_IDS)('forwards meets every phone of %s once, in one call a page', async (appId) => {
    const pages = await walkTab(gateway, 'Forward', appId);
    const phones = gateway.sandbox.control.getPhones(appId);
    expect(pages.flatMap(({ nodes }) => nodes)).toEqual(
      phones.map(({ account, phoneName, groupName, displayNum }) => ({
        account,
        phoneName,
        groupName,
        displayNum: displayNum || null,
      })),
    );
    expect(new Set(pages.map(({ totalCount }) => totalCount))).toEqual(new Set([phones.length]));
    expect(gateway.sandbox.calls.total).toBe(pages.length);
  });

  it.each(APP_IDS)('backwards meets every phone of %s once, in one call a page', async (appId) => {
    const pages = await walkTab(gateway, 'Backwards', appId);
    const nodes = pages.reverse().flatMap(({ edges }) => edges.map((edge: { node: unknown }) => edge.node));
    expect(nodes).toEqual(gateway.sandbox.control.getPhones(appId).map(({ account }) => ({ account })));
    // The total of a list that was read before is known: the end is found without asking where it is.
    expect(gateway.sandbox.calls.total).toBe(pages.length);
  });

  it('costs a fifth and less of that over kept rows', async () => {
    const keeping = await serveGateway({ variables: { PHONES_CACHE_TTL_MS: '60000' } });
    const pages = await walkTab(keeping, 'Forward', '4luaKsL2');
    expect(pages).toHaveLength(22);
    expect(keeping.sandbox.calls.total).toBeLessThanOrEqual(5);
    await keeping.close();
  });
});
