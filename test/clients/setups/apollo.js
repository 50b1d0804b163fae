import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';

/** @param {string} uri @param {{ headers?: Record<string, string>, links?: readonly ApolloLink[], useGETForQueries?: boolean }} [options] */
export function createApolloClient(uri, { headers = {}, links = [], useGETForQueries = false } = {}) {
  return new ApolloClient({
    link: ApolloLink.from([...links, new HttpLink({ uri, headers, useGETForQueries })]),
    cache: new InMemoryCache({
      possibleTypes: { Node: ['App', 'SipPhone'] },
      typePolicies: {
        // One list for each filter and order; pages are joined by their cursors.
        App: { fields: { phones: relayStylePagination(['filter', 'orderBy']) } },
      },
    }),
    // Data beside errors: a field that failed is null, the rest of the answer stands.
    defaultOptions: { query: { errorPolicy: 'all' }, watchQuery: { errorPolicy: 'all' } },
  });
}
