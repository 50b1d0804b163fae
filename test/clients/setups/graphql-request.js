import { GraphQLClient } from 'graphql-request';

/** @param {string} url @param {{ headers?: Record<string, string>, method?: 'GET' | 'POST' }} [options] */
export function createGraphQLRequestClient(url, { headers = {}, method = 'POST' } = {}) {
  return new GraphQLClient(url, { headers, method, errorPolicy: 'all' });
}
