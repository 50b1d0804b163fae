import { createHash } from 'node:crypto';
import { gql } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { persistedExchange } from '@urql/exchange-persisted';
import { createToken } from '../../src/callers/token.ts';
import { serveGateway } from '../support/served-gateway.ts';
import { createApolloClient } from './setups/apollo.js';
import { createGraphQLRequestClient } from './setups/graphql-request.js';
import { createOctokit } from './setups/octokit.js';
import { createUrqlClient } from './setups/urql.js';

const QUERY = 'query Apps { apps { id appId name } }';
const APP_IDS = ['4luaKsL2', 'Empty000', 'Single01', 'Full0100', 'Over0101', 'Large10k'];
const sha256 = async (text) => createHash('sha256').update(text).digest('hex');

/** Each sends a request in its own way, with what it sends by default. */
describe('a request', () => {
  let gateway;
  beforeEach(async () => {
    gateway = await serveGateway();
  });
  afterEach(() => gateway.close());

  const appIdsOf = ({ data, error }) => {
    if (error) throw error;
    return data.apps.map(({ appId }) => appId);
  };
  const codes = () => gateway.requests().map(({ codes: found }) => found);

  it.each([
    ['GET by urql', () => createUrqlClient(gateway.url).query(QUERY, {}).toPromise()],
    [
      'GET by Apollo Client',
      () => createApolloClient(gateway.url, { useGETForQueries: true }).query({ query: gql(QUERY) }),
    ],
    [
      'GET by graphql-request',
      async () => ({ data: await createGraphQLRequestClient(gateway.url, { method: 'GET' }).request(QUERY) }),
    ],
    ['POST by Octokit', async () => ({ data: await createOctokit(gateway.origin).graphql(QUERY) })],
  ])('%s is answered', async (_name, send) => {
    expect(appIdsOf(await send())).toEqual(APP_IDS);
    expect(codes()).toEqual([undefined]);
  });

  it.each([
    [
      "Apollo Client's persisted queries",
      () =>
        createApolloClient(gateway.url, { links: [new PersistedQueryLink({ sha256 })] }).query({
          query: gql(QUERY),
        }),
    ],
    [
      "Apollo Client's persisted queries by GET",
      () =>
        createApolloClient(gateway.url, {
          links: [new PersistedQueryLink({ sha256, useGETForHashedQueries: true })],
        }).query({ query: gql(QUERY) }),
    ],
    [
      "urql's persisted queries",
      () =>
        createUrqlClient(gateway.url, { exchanges: [persistedExchange({ generateHash: sha256 })] })
          .query(QUERY, {})
          .toPromise(),
    ],
  ])('of %s is known by its hash from the second time on', async (_name, send) => {
    expect(appIdsOf(await send())).toEqual(APP_IDS);
    expect(codes()).toEqual([{ PERSISTED_QUERY_NOT_FOUND: 1 }, undefined]);
    expect(appIdsOf(await send())).toEqual(APP_IDS);
    expect(codes().slice(2)).toEqual([undefined]);
  });

  it.each([
    [
      'Apollo Client',
      () =>
        createApolloClient(gateway.url, { links: [new PersistedQueryLink({ sha256 })] }).query({
          query: gql(QUERY),
        }),
    ],
    [
      'urql',
      () =>
        createUrqlClient(gateway.url, { exchanges: [persistedExchange({ generateHash: sha256 })] })
          .query(QUERY, {})
          .toPromise(),
    ],
  ])('of %s is sent as text where no queries are stored', async (_name, send) => {
    await gateway.close();
    gateway = await serveGateway({ variables: { PERSISTED_QUERIES: 'off' } });
    expect(appIdsOf(await send())).toEqual(APP_IDS);
  });
});

describe('a token', () => {
  it("is taken as each client sends it, Octokit's `token` too", async () => {
    const { token, line } = createToken({ name: 'client', scopes: ['phones:read'] }, () =>
      Buffer.alloc(32, 'client'),
    );
    const gateway = await serveGateway({ variables: { CALLERS: `[${line}]` } });
    const headers = { authorization: `Bearer ${token}` };
    try {
      const { apps } = await createOctokit(gateway.origin, { token }).graphql(QUERY);
      expect(apps).toHaveLength(APP_IDS.length);
      const { data } = await createUrqlClient(gateway.url, { headers }).query(QUERY, {}).toPromise();
      expect(data.apps).toHaveLength(APP_IDS.length);
      await expect(createOctokit(gateway.origin).graphql(QUERY)).rejects.toMatchObject({ status: 401 });
    } finally {
      await gateway.close();
    }
  });
});
