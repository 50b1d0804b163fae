import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser as it is on a first visit, and every address that its pages ask for. */
export async function openBrowser(options = {}) {
  const profile = await mkdtemp(join(tmpdir(), 'itnio-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: '/usr/bin/chromium',
    args: ARGS,
    ...options,
  });
  const asked = [];
  context.on('request', (request) => asked.push(request.url()));
  return {
    context,
    asked,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
