import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { generatePersistedQueryIdsFromManifest } from '@apollo/persisted-query-lists';

/** @param {string} uri @param {object} manifest as generate-persisted-query-manifest has written it. */
export function createTrustedApolloClient(uri, manifest) {
  const ids = generatePersistedQueryIdsFromManifest({ loadManifest: async () => manifest });
  return new ApolloClient({
    link: ApolloLink.from([new PersistedQueryLink(ids), new HttpLink({ uri })]),
    cache: new InMemoryCache(),
  });
}
