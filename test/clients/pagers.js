import { gql } from '@apollo/client';
import { act, cleanup, render, waitFor } from '@testing-library/react';
import { createElement, Suspense } from 'react';
import { RelayEnvironmentProvider, useLazyLoadQuery, usePaginationFragment } from 'react-relay';
import phoneListFragment from './relay/__generated__/phoneList_app.graphql.js';
import phoneListBackwardFragment from './relay/__generated__/phoneListBackward_app.graphql.js';
import phoneListBackwardQuery from './relay/__generated__/phoneListBackwardQuery.graphql.js';
import phoneListQuery from './relay/__generated__/phoneListQuery.graphql.js';
import { createApolloClient } from './setups/apollo.js';
import { createGraphQLRequestClient } from './setups/graphql-request.js';
import { createOctokit } from './setups/octokit.js';
import { createRelayEnvironment } from './setups/relay.js';
import { createUrqlClient } from './setups/urql.js';

const FORWARD = `query Forward($appId: ID!, $first: Int, $cursor: String) {
  app(appId: $appId) {
    id
    phones(first: $first, after: $cursor) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { cursor node { id account } }
    }
  }
}`;
const BACKWARD = FORWARD.replace('query Forward', 'query Backward')
  .replaceAll('$first', '$last')
  .replace('first:', 'last:')
  .replace('after:', 'before:');

/** More than any list here takes: a client that goes round in circles fails. */
const MAX_PAGES = 100;

const accountsOf = ({ edges }) => edges.map(({ node }) => node.account);

/**
 * How each client pages through a list with its own means. Each resolves with the accounts that are on the screen at the
 * end, in order. `onPage` is awaited between pages.
 * @type {Record<string, (gateway: object, appId: string, options: { size: number, direction: 'forward' | 'backward', onPage?: () => Promise<void> }) => Promise<string[]>>}
 */
export const PAGERS = {
  async 'Apollo Client'(gateway, appId, { size, direction, onPage }) {
    const client = createApolloClient(gateway.url);
    const query = gql(direction === 'forward' ? FORWARD : BACKWARD);
    const sizeOf = direction === 'forward' ? { first: size } : { last: size };
    const observable = client.watchQuery({ query, variables: { appId, ...sizeOf } });
    const subscription = observable.subscribe({ next: () => undefined });
    // What a component shows: the pages as the cache has joined them.
    const readScreen = () => client.readQuery({ query, variables: { appId, ...sizeOf } }).app.phones;
    try {
      const { error } = await observable.refetch();
      if (error) throw error;
      for (let pages = 0; pages < MAX_PAGES; pages++) {
        const cursor = nextCursor(readScreen().pageInfo, direction);
        if (cursor === undefined) return accountsOf(readScreen());
        await onPage?.();
        const more = await observable.fetchMore({ variables: { cursor } });
        if (more.error) throw more.error;
      }
      throw new Error('The list does not end.');
    } finally {
      subscription.unsubscribe();
      client.stop();
    }
  },

  async 'urql with graphcache'(gateway, appId, { size, direction, onPage }) {
    const client = createUrqlClient(gateway.url);
    const query = direction === 'forward' ? FORWARD : BACKWARD;
    const sizeOf = direction === 'forward' ? { first: size } : { last: size };
    let cursor;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const { data, error } = await client.query(query, { appId, ...sizeOf, cursor }).toPromise();
      if (error) throw error;
      // The cache joins the pages: this is the whole list as far as it was read.
      cursor = nextCursor(data.app.phones.pageInfo, direction);
      if (cursor === undefined) return accountsOf(data.app.phones);
      await onPage?.();
    }
    throw new Error('The list does not end.');
  },

  async 'Relay, usePaginationFragment'(gateway, appId, { size, direction, onPage }) {
    const environment = createRelayEnvironment(gateway.url);
    const [query, fragment] =
      direction === 'forward'
        ? [phoneListQuery, phoneListFragment]
        : [phoneListBackwardQuery, phoneListBackwardFragment];
    const sizeOf = direction === 'forward' ? { first: size } : { last: size };
    let screen;
    function Phones({ app }) {
      screen = usePaginationFragment(fragment, app);
      return null;
    }
    function List() {
      const { app } = useLazyLoadQuery(query, { appId, ...sizeOf });
      return createElement(Phones, { app });
    }
    await act(async () =>
      render(
        createElement(
          RelayEnvironmentProvider,
          { environment },
          createElement(Suspense, { fallback: null }, createElement(List)),
        ),
      ),
    );
    await waitFor(() => {
      if (screen === undefined) throw new Error('still loading');
    });
    const hasMore = () => (direction === 'forward' ? screen.hasNext : screen.hasPrevious);
    while (hasMore()) {
      await onPage?.();
      await act(
        () =>
          new Promise((resolve, reject) => {
            const load = direction === 'forward' ? screen.loadNext : screen.loadPrevious;
            load(size, { onComplete: (error) => (error ? reject(error) : resolve()) });
          }),
      );
    }
    const accounts = accountsOf(screen.data.phones);
    cleanup();
    return accounts;
  },

  async "Octokit's pager"(gateway, appId, { size, direction, onPage }) {
    const octokit = createOctokit(gateway.origin);
    const [query, sizeOf] = direction === 'forward' ? [FORWARD, { first: size }] : [BACKWARD, { last: size }];
    const pages = octokit.graphql.paginate.iterator(
      // Octokit pages forwards or backwards by which flag the query selects.
      query
        .replace(direction === 'forward' ? 'hasPreviousPage startCursor' : 'hasNextPage', '')
        .replace(direction === 'forward' ? '' : 'endCursor', ''),
      { appId, ...sizeOf },
    );
    let accounts = [];
    for await (const { app } of pages) {
      const page = accountsOf(app.phones);
      accounts = direction === 'forward' ? [...accounts, ...page] : [...page, ...accounts];
      await onPage?.();
    }
    return accounts;
  },

  async 'graphql-request'(gateway, appId, { size, direction, onPage }) {
    const client = createGraphQLRequestClient(gateway.url);
    const [query, sizeOf] = direction === 'forward' ? [FORWARD, { first: size }] : [BACKWARD, { last: size }];
    let accounts = [];
    let cursor;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const { app } = await client.request(query, { appId, ...sizeOf, cursor });
      const page = accountsOf(app.phones);
      accounts = direction === 'forward' ? [...accounts, ...page] : [...page, ...accounts];
      cursor = nextCursor(app.phones.pageInfo, direction);
      if (cursor === undefined) return accounts;
      await onPage?.();
    }
    throw new Error('The list does not end.');
  },
};

function nextCursor(pageInfo, direction) {
  if (direction === 'forward') return pageInfo.hasNextPage ? pageInfo.endCursor : undefined;
  return pageInfo.hasPreviousPage ? pageInfo.startCursor : undefined;
}
