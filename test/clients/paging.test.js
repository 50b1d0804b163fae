import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { serveGateway } from '../support/served-gateway.ts';
import { PAGERS } from './pagers.js';

const DIRECTIONS = ['forward', 'backward'];
/** Lists of 0, 1, 100, 101 and 437 phones. */
const APPS = ['Empty000', 'Single01', 'Full0100', 'Over0101', '4luaKsL2'];

describe.each(Object.entries(PAGERS))('%s', (_name, page) => {
  let gateway;
  beforeAll(async () => {
    gateway = await serveGateway({ variables: { PHONES_CACHE_TTL_MS: '0' } });
  });
  afterAll(() => gateway.close());
  beforeEach(() => gateway.sandbox.calls.reset());
  afterEach(() => gateway.sandbox.control.reset());

  const listOf = (appId) => gateway.sandbox.control.getPhones(appId).map(({ account }) => account);

  describe.each(DIRECTIONS)('%s', (direction) => {
    it.each(APPS)('shows every phone of %s once, in order', async (appId) => {
      expect(await page(gateway, appId, { size: 40, direction })).toEqual(listOf(appId));
    });

    it('shows every phone that stays exactly once while others come and go', async () => {
      const before = listOf('4luaKsL2');
      const { control } = gateway.sandbox;
      let pages = 0;
      const onPage = async () => {
        pages += 1;
        control.change({ appId: '4luaKsL2', insert: pages % 3, at: 5 * pages });
        control.change({ appId: '4luaKsL2', remove: { index: 40 * pages - 7, count: 1 } });
      };
      const shown = await page(gateway, '4luaKsL2', { size: 40, direction, onPage });
      const stayed = new Set(listOf('4luaKsL2').filter((account) => before.includes(account)));
      expect(shown.filter((account) => stayed.has(account))).toEqual(
        before.filter((account) => stayed.has(account)),
      );
      expect(pages).toBeGreaterThan(5);
    });
  });
});
