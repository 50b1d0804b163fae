import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

describe('GraphQL over HTTP', () => {
  let gateway: ServedGateway;
  beforeAll(async () => {
    gateway = await serveGateway();
  });
  afterAll(() => gateway.close());

  const audits = serverAudits({
    url: () => gateway.url,
    // A GET of this gateway carries a header that tells it from a foreign page's.
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, { ...init, headers: { ...init.headers, 'graphql-require-preflight': '1' } }),
  });

  it('is audited in 61 respects', () => {
    expect(audits).toHaveLength(61);
  });

  it.each(audits.map((audit) => [`${audit.id} ${audit.name}`, audit] as const))('%s', async (_, audit) => {
    expect(await audit.fn()).toMatchObject({ status: 'ok' });
  });
});
