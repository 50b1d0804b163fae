import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { fetchQuery } from 'relay-runtime';
import { createTrustedDocuments, parseManifest } from '../../src/config/trusted-documents.ts';
import { createSchema } from '../../src/graph/schema.ts';
import { findDocumentFaults } from '../../src/pipeline/listed-documents.ts';
import { serveGateway } from '../support/served-gateway.ts';
import { createTrustedApolloClient } from './setups/apollo-trusted.js';
import { createRelayEnvironment } from './setups/relay.js';
import { PHONES } from './typed/apollo.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FIRST_TWO = [437, ['test_001', 'test_002']];

const generatedPath = (name) => `${HERE}typed/generated/${name}`;
/** Runs a tool of the clients, as its users do. @throws {Error} when it ends with another code than 0. */
const run = (tool, args, cwd = HERE) =>
  execFileSync(`${HERE}node_modules/.bin/${tool}`, args, { cwd, stdio: 'pipe' });

beforeAll(() => {
  rmSync(generatedPath(''), { recursive: true, force: true });
  mkdirSync(generatedPath('relay'), { recursive: true });
  writeFileSync(generatedPath('relay-documents.json'), '{}');
  run('gql-tada', ['generate-output'], `${HERE}typed`);
  run('relay-compiler', ['relay.persisted.config.json']);
  run('generate-persisted-query-manifest', ['--config', 'typed/apollo-manifest.config.json']);
  // The repository's own, which reads the same schema.
  execFileSync(`${ROOT}node_modules/.bin/graphql-codegen`, ['--config', 'test/clients/setups/codegen.ts'], {
    cwd: ROOT,
    stdio: 'pipe',
  });
}, 120_000);

let gateway;
afterEach(() => gateway?.close());

/** With TRUSTED_DOCUMENTS_FILE, as the process reads it at its start. */
const serveList = async (list) => {
  const { documents, faults } = parseManifest(readFileSync(generatedPath(list), 'utf8'));
  expect(faults).toEqual([]);
  const trustedDocuments = createTrustedDocuments('only', documents);
  expect(findDocumentFaults(trustedDocuments, createSchema())).toEqual([]);
  gateway = await serveGateway({ config: { trustedDocuments } });
};
/** How the requests were answered: each by a document of the list, or not. */
const codes = () => gateway.requests().map(({ codes: found }) => found);

describe('typed documents', () => {
  it('fit the types that are made of the schema, and what does not fit is refused', () => {
    // Lines that are wrong are marked as such; the compiler refuses a mark that is not needed.
    expect(() => run('tsc', ['--project', 'typed'])).not.toThrow();
  }, 60_000);

  it('of gql.tada are answered', async () => {
    const { readPhones } = await import('./typed/gql-tada.ts');
    gateway = await serveGateway();
    expect(await readPhones(gateway.url, '4luaKsL2')).toEqual(FIRST_TWO);
  });
});

describe('a gateway that executes trusted documents only', () => {
  it("takes the list of GraphQL Code Generator's client preset, and its hashes", async () => {
    const { readPhones } = await import('./typed/codegen.ts');
    await serveList('codegen/persisted-documents.json');
    expect(await readPhones(gateway.url, '4luaKsL2')).toEqual(FIRST_TWO);
    expect(codes()).toEqual([undefined]);
  });

  it("takes the list of Relay's compiler, and the ids of its artifacts", async () => {
    const { default: query } = await import('./typed/generated/relay/relayPhonesQuery.graphql.js');
    expect(query.params).toMatchObject({ text: null, id: expect.stringMatching(/^[0-9a-f]{64}$/) });
    await serveList('relay-documents.json');
    const variables = { appId: '4luaKsL2', first: 2 };
    const read = ({ app }) => [app.phones.totalCount, app.phones.nodes.map(({ account }) => account)];
    const data = await fetchQuery(createRelayEnvironment(gateway.url), query, variables).toPromise();
    expect(read(data)).toEqual(FIRST_TWO);
    const { json } = await gateway.post({ id: query.params.id, variables });
    expect(read(json.data)).toEqual(FIRST_TWO);
    expect(codes()).toEqual([undefined, undefined]);
  });

  it('takes the manifest of Apollo, and the hashes that its link sends', async () => {
    const manifest = JSON.parse(readFileSync(generatedPath('apollo-manifest.json'), 'utf8'));
    await serveList('apollo-manifest.json');
    const client = createTrustedApolloClient(gateway.url, manifest);
    const { data } = await client.query({ query: PHONES, variables: { appId: '4luaKsL2', first: 2 } });
    client.stop();
    const { totalCount, nodes } = data.app.phones;
    expect([totalCount, nodes.map(({ account }) => account)]).toEqual(FIRST_TWO);
    expect(codes()).toEqual([undefined]);
  });

  it.each(['codegen/persisted-documents.json', 'relay-documents.json', 'apollo-manifest.json'])(
    'refuses what is not in %s',
    async (list) => {
      await serveList(list);
      expect((await gateway.post({ query: '{ apps { id } }' })).json.errors[0].extensions.code).toBe(
        'QUERY_NOT_IN_SAFELIST',
      );
      expect((await gateway.post({ id: 'a'.repeat(64) })).json.errors[0].extensions.code).toBe(
        'PERSISTED_QUERY_NOT_IN_LIST',
      );
    },
  );
});
