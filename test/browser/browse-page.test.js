import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createToken } from '../../src/callers/token.ts';
import { serveGateway } from '../support/served-gateway.ts';
import { openBrowser } from './chromium.js';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const FIRST = 'test_001';

describe('the page at /', () => {
  let gateway;
  let browser;
  let page;
  beforeAll(async () => {
    gateway = await serveGateway({ variables: { PHONES_CACHE_TTL_MS: '0', PHONES_LIST_TTL_MS: '0' } });
    browser = await openBrowser({ acceptDownloads: true });
  });
  afterAll(async () => {
    await browser?.close();
    await gateway?.close();
  });
  beforeEach(async () => {
    gateway.sandbox.control.reset();
    page = await browser.context.newPage();
    await page.goto(`${gateway.origin}/`);
    await row(FIRST).waitFor();
  });
  afterEach(() => page.close());

  const row = (account) => page.getByRole('row').filter({ hasText: account });
  const accounts = () => page.getByRole('rowheader').allInnerTexts();
  const listOf = (appId) => gateway.sandbox.control.getPhones(appId).map(({ account }) => account);

  it('shows the first phones of the first app, and what that took', async () => {
    expect(await accounts()).toEqual(listOf('4luaKsL2').slice(0, 20));
    expect(await page.getByText('437 phones').count()).toBe(1);
    expect(await page.getByRole('contentinfo').innerText()).toMatch(/^This view took 1 call to the vendor/);
  });

  it('asks nobody but its gateway', () => {
    expect(
      browser.asked.filter((url) => !url.startsWith(gateway.origin) && !url.startsWith('data:')),
    ).toEqual([]);
  });

  it('pages by numbers', async () => {
    await page.getByRole('button', { name: 'Page 3' }).click();
    await row(listOf('4luaKsL2')[40]).waitFor();
    expect(await accounts()).toEqual(listOf('4luaKsL2').slice(40, 60));
    expect(await page.getByRole('button', { name: 'Page 3' }).getAttribute('aria-current')).toBe('page');
    await page.getByRole('button', { name: 'Previous' }).click();
    await row(listOf('4luaKsL2')[20]).waitFor();
    expect(await accounts()).toEqual(listOf('4luaKsL2').slice(20, 40));
  });

  it('finds phones by a part of a name, in order', async () => {
    await page.getByLabel('Search').fill('sip-43');
    await page.getByText('9 phones found').waitFor();
    await page.getByLabel('Order').selectOption('Name, last first');
    await page.waitForFunction(() => document.querySelector('tbody th')?.textContent === 'test_437');
    expect((await accounts()).at(-1)).toBe('test_043');
  });

  it('shows the groups with their counts, and the phones of one', async () => {
    await page.getByText('Groups').click();
    const group = page.getByRole('listitem').filter({ hasText: 'sales' });
    const count = Number((await group.innerText()).replace(/\D/g, ''));
    await group.getByRole('button').click();
    await page.getByText(`${count} phones found`).waitFor();
    expect(count).toBe(
      gateway.sandbox.control.getPhones('4luaKsL2').filter(({ groupName }) => groupName === 'sales').length,
    );
  });

  it.each([
    [1000, null],
    [1001, 'These are the first 1000 groups by name. There are more, with 1 phone: the search finds them.'],
    [1003, 'These are the first 1000 groups by name. There are more, with 3 phones: the search finds them.'],
  ])('says of %i groups whether there are more than it shows', async (count, note) => {
    gateway.sandbox.control.change({
      appId: 'Empty000',
      insert: Array.from({ length: count }, (_, n) => ({ account: `a${n}`, groupName: `g${n}` })),
    });
    await page.getByRole('combobox', { name: 'App' }).selectOption('Empty000');
    await page.getByText(`${count} phones`).waitFor();
    await page.getByText('Groups').click();
    await page.getByRole('button', { name: /^g0 1$/ }).waitFor();
    const details = page.getByRole('group');
    expect(await details.getByRole('listitem').count()).toBe(1000);
    expect(await details.getByRole('paragraph').allInnerTexts()).toEqual(note === null ? [] : [note]);
  });

  it('shows a password on demand, puts it on record, and hides it', async () => {
    await page.getByRole('button', { name: `Show the password of ${FIRST}` }).click();
    const [{ password }] = gateway.sandbox.control.getPhones('4luaKsL2');
    await row(FIRST).getByText(password).waitFor();
    expect(gateway.auditRecords.at(-1)).toMatchObject({ appId: '4luaKsL2', accounts: [FIRST] });
    await page.getByRole('button', { name: `Hide the password of ${FIRST}` }).click();
    expect(await page.getByText(password).count()).toBe(0);
  });

  it('downloads what is shown', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download these 20 as CSV' }).click(),
    ]);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
    expect(download.suggestedFilename()).toBe('4luaKsL2.csv');
    expect(lines).toHaveLength(21);
    expect(lines[1]).toMatch(/^"test_001","sip-1"/);
  });

  it('finds one phone by its whole account, without reading the list', async () => {
    await page.getByRole('combobox', { name: 'App' }).selectOption('Large10k');
    await page.getByText('10000 phones').waitFor();
    const calls = gateway.sandbox.calls.total;
    await page.getByRole('combobox', { name: 'In', exact: true }).selectOption('Account');
    const { account } = gateway.sandbox.control.getPhones('Large10k')[15];
    await page.getByLabel('Search').pressSequentially(account);
    await page.keyboard.press('Enter');
    await page.getByText('1 phone found').waitFor();
    expect(await accounts()).toEqual([account]);
    expect(gateway.sandbox.calls.total - calls).toBe(1);
    await page.getByLabel('Search').fill('');
    await page.getByText('10000 phones').waitFor();
  });

  it('says that nothing is there, and that nothing was found', async () => {
    await page.getByRole('combobox', { name: 'App' }).selectOption('Empty000');
    await page.getByText('This app has no phones').waitFor();
    await page.getByText('Groups').click();
    await page.getByText('There are none.').waitFor();
    await page.getByRole('combobox', { name: 'App' }).selectOption('Single01');
    await page.getByLabel('Search').fill('no such phone');
    await page.getByText('No phone fits').waitFor();
    expect(await page.getByRole('table').count()).toBe(0);
  });

  it('empties the search where a group is chosen', async () => {
    await page.getByText('Groups').click();
    await page.getByRole('button', { name: /^sales/ }).waitFor();
    await page.getByLabel('Search').fill('sip-43');
    await page.getByText('9 phones found').waitFor();
    await page.getByRole('button', { name: /^sales/ }).click();
    await page.getByRole('button', { name: 'Show all groups' }).waitFor();
    expect(await page.getByLabel('Search').inputValue()).toBe('');
    expect(await page.getByRole('button', { name: /^sales/ }).getAttribute('aria-pressed')).toBe('true');
  });

  const comesOnScreen = async (locator) =>
    page.waitForFunction(
      (element) => {
        const { top, bottom } = element.getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;
      },
      await locator.elementHandle(),
      { timeout: 5_000 },
    );

  it.each(['Next', 'Page 2'])('shows the start of the page that "%s" leads to', async (name) => {
    await page.getByRole('button', { name, exact: true }).click();
    const first = row(listOf('4luaKsL2')[20]);
    await first.waitFor();
    await comesOnScreen(first);
  });

  it('keeps what is on the screen when the vendor fails, says what to do, and goes on', async () => {
    gateway.sandbox.control.fail({ fault: 'status', status: -18, times: 2 });
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('alert').getByText('UPSTREAM_UNAVAILABLE').waitFor();
    await comesOnScreen(page.getByRole('alert'));
    expect(await accounts()).toEqual(listOf('4luaKsL2').slice(0, 20));
    gateway.sandbox.control.reset();
    await page.getByRole('button', { name: 'Try again' }).click();
    await row(listOf('4luaKsL2')[20]).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('goes on behind the last phone on the screen when others come and go', async () => {
    const before = listOf('4luaKsL2');
    gateway.sandbox.control.change({ appId: '4luaKsL2', insert: 3, at: 0 });
    gateway.sandbox.control.change({ appId: '4luaKsL2', remove: { index: 5, count: 1 } });
    await page.getByRole('button', { name: 'Next' }).click();
    await row(before[20]).waitFor();
    expect(await accounts()).toEqual(before.slice(20, 40));
    expect(await page.getByText('439 phones').count()).toBe(1);
    await page.getByRole('button', { name: 'Previous' }).click();
    await row(before[19]).waitFor();
    expect(await accounts()).toEqual(listOf('4luaKsL2').slice(2, 22));
  });

  it('says that the list has changed, and shows it from its start, where the way on is gone', async () => {
    gateway.sandbox.control.change({ appId: '4luaKsL2', remove: { index: 10, count: 40 } });
    await page.getByRole('button', { name: 'Next' }).click();
    const notice = page.getByText('The list has changed. It is shown from its start.');
    await notice.waitFor();
    await page.getByText('397 phones').waitFor();
    await comesOnScreen(notice);
    expect(await accounts()).toEqual(listOf('4luaKsL2').slice(0, 20));
  });

  it('has at most 60 KB over the wire', async () => {
    const response = await fetch(`${gateway.origin}/`, { headers: { accept: 'text/html' } });
    expect(gzipSync(await response.text()).length).toBeLessThanOrEqual(60_000);
  });

  it('can be used by keyboard alone, from the app to the password and the last page', async () => {
    const { keyboard } = page;
    const named = () =>
      page.evaluate(() => {
        const { activeElement: focused } = document;
        const label = focused?.labels?.[0]?.firstChild?.textContent;
        return focused?.getAttribute('aria-label') ?? label ?? focused?.textContent?.trim() ?? '';
      });
    /** Presses Tab until this has the focus; at most once around the page. */
    async function reach(name) {
      for (let step = 0; step < 60 && (await named()) !== name; step++) await keyboard.press('Tab');
      expect(await named()).toBe(name);
    }

    await reach('App');
    await keyboard.press('ArrowDown');
    await page.getByText('This app has no phones').waitFor();
    expect(await named()).toBe('App');
    await keyboard.press('ArrowUp');
    await row(FIRST).waitFor();
    await reach('Search');
    await keyboard.type('sip-43');
    await page.getByText('9 phones found').waitFor();
    expect(await named()).toBe('Search');
    await keyboard.press('Escape');
    await page.getByText('437 phones').waitFor();
    await reach('Order');
    await keyboard.type('Name, last');
    await page.getByText('437 phones, as of').waitFor();
    await keyboard.press('Home');
    await row(FIRST).waitFor();
    await reach('Groups');
    await keyboard.press('Enter');
    const group = page.getByRole('listitem').filter({ hasText: 'sales' });
    await group.waitFor();
    await reach(await group.innerText());
    await keyboard.press('Space');
    await page.getByRole('button', { name: 'Show all groups' }).waitFor();
    await reach('Show all groups');
    await keyboard.press('Enter');
    await page.getByText('437 phones').waitFor();
    await reach(`Show the password of ${FIRST}`);
    await keyboard.press('Enter');
    const [{ password }] = gateway.sandbox.control.getPhones('4luaKsL2');
    await row(FIRST).getByText(password).waitFor();
    await reach(`Hide the password of ${FIRST}`);
    await keyboard.press('Enter');
    await row(FIRST).getByText('Show').waitFor();
    await reach('Page 22');
    await keyboard.press('Enter');
    await row(listOf('4luaKsL2').at(-1)).waitFor();
    await reach('Previous');
    await keyboard.press('Enter');
    await row(listOf('4luaKsL2')[400]).waitFor();
  });

  it.each([
    [390, 'light'],
    [768, 'dark'],
    [1440, 'light'],
    [1440, 'dark'],
  ])('fits a width of %d pixels, in %s, without a fault that axe finds', async (width, colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
      [],
    );
    if (process.env.SCREENSHOTS !== undefined)
      await page.screenshot({ path: `${process.env.SCREENSHOTS}/page-${width}-${colorScheme}.png` });
  });
});

describe('the page at /, where callers are configured', () => {
  it('asks for a token, keeps it in the tab, and shows what it may see', async () => {
    const { token, line } = createToken(
      { name: 'dashboard', scopes: ['phones:read'], apps: ['Single01'] },
      () => Buffer.alloc(32, 'dashboard'),
    );
    const gateway = await serveGateway({ variables: { CALLERS: `[${line}]` } });
    const browser = await openBrowser();
    try {
      const page = await browser.context.newPage();
      await page.goto(`${gateway.origin}/`);
      await page.getByRole('alert').getByText('UNAUTHENTICATED').waitFor();
      expect(await page.getByLabel('Search').count()).toBe(0);
      await page.getByLabel('Token').fill('a wrong one');
      await page.keyboard.press('Enter');
      await page.getByText('it is not valid here, or not any more.').waitFor();
      await page.getByLabel('Token').fill(token);
      await page.getByRole('button', { name: 'Use it' }).click();
      await page.getByText('1 phone').first().waitFor();
      expect(await page.getByRole('option', { name: 'Single01' }).count()).toBe(1);
      expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 1]);
    } finally {
      await browser.close();
      await gateway.close();
    }
  });
});
