import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createToken } from '../../src/callers/token.ts';
import { serveGateway } from '../support/served-gateway.ts';
import { openBrowser } from './chromium.js';

const CREDENTIALS = { ITNIO_API_KEY: 'bDqJFiq9', ITNIO_API_SECRET: '7bz1lzh9' };
const TABS = ['Forward', 'Backwards', 'Windows', 'Lookup', 'Search', 'Password', 'Entities', 'Failure'];
const QUERY = '.graphiql-query-editor';
/** Variables or headers, whichever is open. */
const TOOL = '.graphiql-editor-tool .graphiql-editor:not(.hidden)';

describe('GraphiQL, on a first visit', () => {
  let gateway;
  let browser;
  let page;
  beforeEach(async () => {
    browser = await openBrowser({ viewport: { width: 1280, height: 800 } });
  });
  afterEach(async () => {
    await browser?.close();
    await gateway?.close();
  });

  async function visit(variables = {}, config = {}) {
    gateway = await serveGateway({ variables, config });
    page = browser.context.pages()[0] ?? (await browser.context.newPage());
    await page.goto(`${gateway.origin}/graphql`);
    await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  }

  const button = (tab) => page.getByRole('button', { name: tab, exact: true });
  const selected = () => page.locator('.graphiql-tab-active').innerText();
  /** Resolves once an editor shows a text: it writes its lines a moment after it opens. */
  const shows = (editor, hasText) => page.locator(`${editor} .view-lines`).filter({ hasText }).waitFor();

  /** Opens a tab. Resolves once GraphiQL has read its document: a click on Execute before sends the name of the last one. */
  async function open(tab) {
    await button(tab).click();
    await page.waitForFunction(
      (name) => localStorage.getItem('graphiql:query')?.includes(name),
      `query ${tab}`,
    );
  }

  /** Runs the tab that is open. @returns the answer. */
  async function run() {
    const runButton = page.locator('.graphiql-execute-button[aria-label^="Execute"]');
    const [response] = await Promise.all([
      page.waitForResponse((response) =>
        /^(?!.*IntrospectionQuery)/.test(response.request().postData() ?? 'IntrospectionQuery'),
      ),
      runButton.click(),
    ]);
    // Until the answer is shown the button stops the request.
    await runButton.waitFor();
    return response.json();
  }

  it('opens on the first example with its variables, and asks nobody but its gateway', async () => {
    await visit();
    expect(await page.locator('.graphiql-tab').allInnerTexts()).toEqual(TABS);
    await shows(QUERY, 'query Forward');
    await shows(TOOL, '"after": null');
    expect((await run()).data.app.phones.totalCount).toBe(437);
    expect(
      browser.asked.filter((url) => !/^(?:data|blob):/.test(url) && !url.startsWith(gateway.origin)),
    ).toEqual([]);
    const { SCREENSHOTS } = process.env;
    if (SCREENSHOTS !== undefined) await page.screenshot({ path: `${SCREENSHOTS}/graphiql.png` });
  });

  it('opens each example at the first click, and each runs', async () => {
    await visit();
    for (const tab of TABS.slice(1)) {
      await open(tab);
      expect(await selected()).toBe(tab);
      const { data, errors } = await run();
      expect([tab, errors?.length ?? 0]).toEqual([tab, tab === 'Failure' ? 1 : 0]);
      expect([tab, Object.values(data).includes(null)]).toEqual([tab, false]);
    }
    await open('Forward');
    await shows(TOOL, '"after": null');
  });

  it('keeps what was written in a tab for the next visit', async () => {
    await visit();
    await button('Lookup').click();
    await page.locator('.graphiql-query-editor .view-line').first().click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('# mine ');
    await page.waitForFunction(() => localStorage.getItem('graphiql:tabState')?.includes('# mine'));
    await page.goto(`${gateway.origin}/graphql`);
    await page.locator('.graphiql-query-editor .view-line').first().waitFor();
    expect(await page.locator('.graphiql-tab').allInnerTexts()).toEqual(TABS);
    expect(await selected()).toBe('Lookup');
    await shows(QUERY, '# mine');
  });

  it('asks for the first app that is served, and shows where a token goes', async () => {
    const { line } = createToken({ name: 'web', scopes: ['phones:read'] }, randomBytes);
    const CALLERS = `[${line}]`;
    await visit({ ...CREDENTIALS, ITNIO_APPS: 'Full0100,4luaKsL2', CALLERS, PASSWORDS: 'off' });
    expect(await page.locator('.graphiql-tab').allInnerTexts()).toEqual(
      TABS.filter((tab) => tab !== 'Password'),
    );
    await shows(QUERY, 'app(appId: "Full0100")');
    await page.getByRole('button', { name: 'Headers' }).click();
    await shows(TOOL, '"Authorization": "Bearer YOUR-TOKEN"');
    expect((await run()).errors[0].extensions.code).toBe('UNAUTHENTICATED');
  });

  it('sends a token that is written into the headers', async () => {
    const { line, token } = createToken({ name: 'web', scopes: ['phones:read'] }, randomBytes);
    await visit({ ...CREDENTIALS, ITNIO_APPS: 'Full0100,4luaKsL2', CALLERS: `[${line}]`, PASSWORDS: 'off' });
    await page.getByRole('button', { name: 'Headers' }).click();
    const headers = page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden)');
    // In the place of YOUR-TOKEN. The editor puts brackets around a selection that a bracket is typed over.
    await headers.locator('.view-line').nth(1).click();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    for (const _ of 'YOUR-TOKEN') await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.type(token);
    expect((await run()).data.app.phones.totalCount).toBe(100);
  });
});
