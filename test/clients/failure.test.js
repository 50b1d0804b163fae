import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serveGateway } from '../support/served-gateway.ts';
import { SCREENS } from './screens.js';

/** A page that fails while others are on the screen: the rows stay, the error arrives, and trying again goes on. */
describe.each(Object.entries(SCREENS))('%s, when the second page fails', (_name, openScreen) => {
  let gateway;
  let screen;
  beforeAll(async () => {
    gateway = await serveGateway({ variables: { PHONES_CACHE_TTL_MS: '0' } });
    screen = await openScreen(gateway, 'Over0101', 40);
  });
  afterAll(async () => {
    screen?.close();
    await gateway.close();
  });

  it('keeps the rows, hands over the error, and goes on when it is asked again', async () => {
    const accounts = gateway.sandbox.control.getPhones('Over0101').map(({ account }) => account);
    expect(screen.read()).toEqual(accounts.slice(0, 40));

    gateway.sandbox.control.fail({ fault: 'html', times: 2 });
    await expect(screen.loadMore()).resolves.toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE' });
    expect(screen.read()).toEqual(accounts.slice(0, 40));

    gateway.sandbox.control.reset();
    await expect(screen.loadMore()).resolves.toBeUndefined();
    expect(screen.read()).toEqual(accounts.slice(0, 80));
  });
});
