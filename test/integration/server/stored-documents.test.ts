import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createTrustedDocuments, type TrustedDocuments } from '../../../src/config/trusted-documents.ts';
import {
  type Reply,
  type ServedGateway,
  type ServedGatewayOptions,
  serveGateway,
} from '../../support/served-gateway.ts';

const TOKEN = 'the-token-of-a-developer';
const CALLERS = JSON.stringify([
  {
    name: 'developer',
    tokenSha256: hash(TOKEN),
    scopes: ['phones:read'],
    trustedDocumentsExempt: true,
  },
]);
const LISTED = 'query Listed { __typename }';
const OTHER = '{ apps { id } }';
const PREFLIGHT = { 'graphql-require-preflight': '1' };

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function persisted(text: string) {
  return { persistedQuery: { version: 1, sha256Hash: hash(text) } };
}

/** Status, code or data: what a client goes by. */
function tell({ status, json }: Reply): unknown {
  const [error] = json.errors ?? [];
  return error === undefined ? [status, Object.keys(json.data)] : [status, error.extensions.code];
}

let gateway: ServedGateway;
afterEach(() => gateway.close());

async function serve(mode?: TrustedDocuments['mode'], options: ServedGatewayOptions = {}): Promise<void> {
  const trustedDocuments = mode && createTrustedDocuments(mode, new Map([['listed-1', LISTED]]));
  gateway = await serveGateway({ ...options, config: { trustedDocuments, ...options.config } });
}

/** Asks by POST and by GET, which have to answer alike. */
async function ask(
  parameters: Readonly<Record<string, unknown>>,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    search.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  const get = await gateway.get(`/graphql?${search}`, { ...PREFLIGHT, ...headers });
  const post = await gateway.post(parameters, headers);
  expect(tell(get)).toEqual(tell(post));
  return tell(post);
}

describe('automatic persisted queries', () => {
  it('are asked for by hash, stored with their text, and found from then on', async () => {
    await serve();
    const extensions = persisted(OTHER);
    const missing = await gateway.post({ extensions });
    expect(missing.status).toBe(400);
    expect(missing.json.errors[0]).toMatchObject({
      message: 'PersistedQueryNotFound',
      extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' },
    });
    expect(tell(await gateway.post({ extensions, query: OTHER }))).toEqual([200, ['apps']]);
    expect(await ask({ extensions })).toEqual([200, ['apps']]);
  });

  it('are stored by GET as well', async () => {
    await serve();
    const extensions = JSON.stringify(persisted(OTHER));
    const search = new URLSearchParams({ extensions, query: OTHER });
    expect(tell(await gateway.get(`/graphql?${search}`, PREFLIGHT))).toEqual([200, ['apps']]);
    expect(await ask({ extensions: persisted(OTHER) })).toEqual([200, ['apps']]);
  });

  it('are stored only when they are valid', async () => {
    await serve();
    const query = '{ nobody }';
    expect(await ask({ extensions: persisted(query), query })).toEqual([200, 'GRAPHQL_VALIDATION_FAILED']);
    expect(await ask({ extensions: persisted(query) })).toEqual([400, 'PERSISTED_QUERY_NOT_FOUND']);
  });

  it('are refused with a hash of another text', async () => {
    await serve();
    expect(await ask({ extensions: persisted(LISTED), query: OTHER })).toEqual([400, 'BAD_REQUEST']);
    expect(await ask({ extensions: persisted(LISTED) })).toEqual([400, 'PERSISTED_QUERY_NOT_FOUND']);
  });

  it.each([
    ['another version', { version: 2, sha256Hash: hash(OTHER) }],
    ['no hash', { version: 1 }],
    ['an empty hash', { version: 1, sha256Hash: '' }],
    ['a hash that is a list', { version: 1, sha256Hash: [hash(OTHER)] }],
    ['a text', 'x'],
  ])('are refused with %s', async (_, persistedQuery) => {
    await serve();
    expect(await ask({ extensions: { persistedQuery } })).toEqual([400, 'BAD_REQUEST']);
  });

  it('forget what was used least, within their bytes', async () => {
    await serve();
    // 2 bytes a character and a hash: more than 4 MiB in all.
    const texts = Array.from({ length: 50 }, (_, index) => `{ __typename } #${index}${'x'.repeat(50_000)}`);
    for (const query of texts)
      expect((await gateway.post({ query, extensions: persisted(query) })).status).toBe(200);
    const [first = '', last = ''] = [texts[0], texts.at(-1)];
    expect(tell(await gateway.post({ extensions: persisted(first) }))).toEqual([
      400,
      'PERSISTED_QUERY_NOT_FOUND',
    ]);
    expect(tell(await gateway.post({ extensions: persisted(last) }))).toEqual([200, ['__typename']]);
  });

  it('tell clients to go on without, where they are off', async () => {
    await serve(undefined, { variables: { PERSISTED_QUERIES: 'off' } });
    const { status, json } = await gateway.post({ extensions: persisted(OTHER) });
    expect([status, json.errors[0].message]).toEqual([400, 'PersistedQueryNotSupported']);
    expect(await ask({ extensions: persisted(OTHER) })).toEqual([400, 'PERSISTED_QUERY_NOT_SUPPORTED']);
    expect(await ask({ extensions: persisted(OTHER), query: OTHER })).toEqual([200, ['apps']]);
  });
});

describe('trusted documents', () => {
  describe.each(['only', 'prefer'] as const)('in mode %s', (mode) => {
    it.each([
      ['documentId', { documentId: 'listed-1' }],
      ['Relay’s id', { id: 'listed-1' }],
      ['documentId with the name of its hash', { documentId: `sha256:${hash(LISTED)}` }],
      ['a persisted query’s hash', { extensions: persisted(LISTED) }],
      ['its id as that hash', { extensions: { persistedQuery: { version: 1, sha256Hash: 'listed-1' } } }],
      ['its text', { query: LISTED }],
      ['its text and its hash', { query: LISTED, extensions: persisted(LISTED) }],
    ])('are found by %s', async (_, parameters) => {
      await serve(mode);
      expect(await ask(parameters)).toEqual([200, ['__typename']]);
    });

    it.each(['unlisted', 'toString', '__proto__'])('are not found by the id %s', async (documentId) => {
      await serve(mode);
      expect(await ask({ documentId })).toEqual([400, 'PERSISTED_QUERY_NOT_IN_LIST']);
    });
  });

  it('shut out any other text, where only they are executed', async () => {
    await serve('only');
    expect(await ask({ query: OTHER })).toEqual([400, 'QUERY_NOT_IN_SAFELIST']);
    expect(await ask({ query: `${LISTED} ` })).toEqual([400, 'QUERY_NOT_IN_SAFELIST']);
    expect(await ask({ query: OTHER, extensions: persisted(OTHER) })).toEqual([400, 'QUERY_NOT_IN_SAFELIST']);
    expect(await ask({ extensions: persisted(OTHER) })).toEqual([400, 'PERSISTED_QUERY_NOT_SUPPORTED']);
    expect(gateway.sandbox.calls.total).toBe(0);
  });

  it('leave other texts and persisted queries alone, where they are preferred', async () => {
    await serve('prefer');
    expect(await ask({ query: OTHER })).toEqual([200, ['apps']]);
    expect(await ask({ extensions: persisted(OTHER) })).toEqual([400, 'PERSISTED_QUERY_NOT_FOUND']);
    expect(tell(await gateway.post({ query: OTHER, extensions: persisted(OTHER) }))).toEqual([200, ['apps']]);
    expect(await ask({ extensions: persisted(OTHER) })).toEqual([200, ['apps']]);
  });

  it('do not bind a caller who is exempt', async () => {
    await serve('only', { variables: { CALLERS, ANONYMOUS_SCOPES: 'phones:read' } });
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect(await ask({ query: OTHER }, headers)).toEqual([200, ['apps']]);
    expect(await ask({ documentId: 'listed-1' }, headers)).toEqual([200, ['__typename']]);
    expect(await ask({ query: OTHER })).toEqual([400, 'QUERY_NOT_IN_SAFELIST']);
  });

  it('may be as long as a trusted caller’s, whoever asks', async () => {
    const long = `{ nodes(ids: [${'"x"'.repeat(1100)}]) { id } }`;
    gateway = await serveGateway({
      variables: { ITNIO_API_KEY: 'bDqJFiq9', ITNIO_API_SECRET: '7bz1lzh9', ANONYMOUS_SCOPES: 'phones:read' },
      config: { trustedDocuments: createTrustedDocuments('prefer', new Map([['long', long]])) },
    });
    expect(await ask({ documentId: 'long' })).toEqual([200, 'BAD_USER_INPUT']);
    expect(tell(await gateway.post({ query: `${long} ` }))).toEqual([400, 'QUERY_TOO_COMPLEX']);
  });
});

describe('a request without a document', () => {
  it.each([
    ['nothing', {}, 'BAD_REQUEST'],
    ['an empty query', { query: '' }, 'BAD_REQUEST'],
    ['an empty id', { documentId: '' }, 'BAD_REQUEST'],
    ['an id, but no list', { documentId: 'listed-1' }, 'PERSISTED_QUERY_NOT_IN_LIST'],
    ['Relay’s id, but no list', { id: 'listed-1' }, 'PERSISTED_QUERY_NOT_IN_LIST'],
  ])('is told so: %s', async (_, parameters, code) => {
    await serve();
    expect(await ask(parameters)).toEqual([400, code]);
  });

  it('names what is missing', async () => {
    await serve();
    const { json } = await gateway.post({ variables: {} });
    expect(json.errors[0].message).toContain('"query" is missing');
  });
});
