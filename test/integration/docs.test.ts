import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readPage } from '../support/readme.ts';
import { type ServedGateway, serveGateway } from '../support/served-gateway.ts';

const page = readPage(new URL('../../docs/from-rest.md', import.meta.url));
const whole = readPage(new URL('../../docs/pagination.md', import.meta.url));

let gateway: ServedGateway;
beforeAll(async () => {
  gateway = await serveGateway();
});
afterAll(() => gateway.close());

describe('the queries of the docs', () => {
  it.each([...page.blocks('graphql'), ...whole.blocks('graphql')])(
    'answer without an error: %#',
    async (query) => {
      const { json } = await gateway.post({ query });
      expect(json.errors).toBeUndefined();
      expect(json.data.app ?? json.data.first).not.toBeNull();
    },
  );
});
