import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';

/** @param {string} url @param {{ headers?: Record<string, string>, exchanges?: readonly import('@urql/core').Exchange[] }} [options] */
export function createUrqlClient(url, { headers = {}, exchanges = [] } = {}) {
  return new Client({
    url,
    fetchOptions: { headers },
    // Queries are sent by GET where they are short: the default of urql.
    preferGetMethod: 'within-url-limit',
    exchanges: [
      cacheExchange({
        // Kept inside their connection: they have no id of their own.
        keys: {
          PhoneConnection: () => null,
          PhoneEdge: () => null,
          PageCursors: () => null,
          PageCursor: () => null,
        },
        resolvers: { App: { phones: relayPagination() } },
      }),
      ...exchanges,
      fetchExchange,
    ],
  });
}
