import { createServer } from 'node:http';
import type { PageNumber } from '../../src/paging/plan.ts';

/** A vendor that answers every call with the page that a test makes of it, whoever asks. */
export interface PagedVendor {
  /** The pages that were asked for, in order. */
  readonly calls: PageNumber[];
  /** The settings of a gateway that asks it. */
  readonly variables: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** @param findPage the total, and the accounts on a page. */
export async function servePages(
  findPage: (asked: PageNumber) => { readonly total: number; readonly accounts: readonly string[] },
): Promise<PagedVendor> {
  const calls: PageNumber[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { current, size } = JSON.parse(text);
    calls.push({ current, size });
    const { total, accounts } = findPage({ current, size });
    const records = accounts.map((account) => ({ account }));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ status: '0', data: { total, size, current, pages: 1, records } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('It listens on no port.');
  return {
    calls,
    variables: {
      ITNIO_API_KEY: 'bDqJFiq9',
      ITNIO_API_SECRET: '7bz1lzh9',
      ITNIO_BASE_URL: `http://127.0.0.1:${address.port}`,
      PHONES_CACHE_TTL_MS: '0',
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
