import { CombinedGraphQLErrors, gql } from '@apollo/client';
import { act, cleanup, render, waitFor } from '@testing-library/react';
import { createElement, Suspense } from 'react';
import { RelayEnvironmentProvider, useLazyLoadQuery, usePaginationFragment } from 'react-relay';
import phoneListFragment from './relay/__generated__/phoneList_app.graphql.js';
import phoneListQuery from './relay/__generated__/phoneListQuery.graphql.js';
import { createApolloClient } from './setups/apollo.js';
import { createRelayEnvironment } from './setups/relay.js';
import { createUrqlClient } from './setups/urql.js';

const QUERY = `query Screen($appId: ID!, $first: Int!, $after: String) {
  app(appId: $appId) {
    id
    phones(first: $first, after: $after) {
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { cursor node { id account } }
    }
  }
}`;

const accountsOf = ({ edges }) => edges.map(({ node }) => node.account);

/**
 * A list on a screen, by each client that keeps one: `read` gives the accounts that are shown, `loadMore` asks for the next
 * page and resolves with the extensions of the error that the component gets, or undefined.
 */
export const SCREENS = {
  async 'Apollo Client'(gateway, appId, first) {
    const client = createApolloClient(gateway.url);
    const query = gql(QUERY);
    const observable = client.watchQuery({ query, variables: { appId, first } });
    const subscription = observable.subscribe({ next: () => undefined });
    await observable.refetch();
    const list = () => client.readQuery({ query, variables: { appId, first } }).app.phones;
    return {
      read: () => accountsOf(list()),
      async loadMore() {
        try {
          await observable.fetchMore({ variables: { after: list().pageInfo.endCursor } });
          return undefined;
        } catch (error) {
          if (!CombinedGraphQLErrors.is(error)) throw error;
          return error.errors[0].extensions;
        }
      },
      close() {
        subscription.unsubscribe();
        client.stop();
      },
    };
  },

  async 'urql with graphcache'(gateway, appId, first) {
    const client = createUrqlClient(gateway.url);
    let shown;
    const ask = (after, context) => client.query(QUERY, { appId, first, after }, context).toPromise();
    const result = await ask(undefined);
    if (result.error) throw result.error;
    shown = result.data.app.phones;
    return {
      read: () => accountsOf(shown),
      async loadMore() {
        const { data, error } = await ask(shown.pageInfo.endCursor);
        if (error) return error.graphQLErrors[0].extensions;
        shown = data.app.phones;
        return undefined;
      },
      close() {},
    };
  },

  async 'Relay, usePaginationFragment'(gateway, appId, first) {
    const environment = createRelayEnvironment(gateway.url);
    let screen;
    function Phones({ app }) {
      screen = usePaginationFragment(phoneListFragment, app);
      return null;
    }
    function List() {
      return createElement(Phones, { app: useLazyLoadQuery(phoneListQuery, { appId, first }).app });
    }
    const suspense = createElement(Suspense, { fallback: null }, createElement(List));
    await act(async () => render(createElement(RelayEnvironmentProvider, { environment }, suspense)));
    await waitFor(() => {
      if (screen === undefined) throw new Error('still loading');
    });
    return {
      read: () => accountsOf(screen.data.phones),
      loadMore: async () => {
        let failure;
        await act(
          () =>
            new Promise((resolve) => {
              screen.loadNext(first, {
                onComplete: (error) => {
                  failure = error ?? undefined;
                  resolve();
                },
              });
            }),
        );
        return failure;
      },
      close: cleanup,
    };
  },
};
