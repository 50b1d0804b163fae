import { gql } from '@apollo/client';

/** What generate-persisted-query-manifest finds in the source of an application. */
export const PHONES = gql`
  query ApolloPhones($appId: ID!, $first: Int) {
    app(appId: $appId) {
      phones(first: $first) {
        totalCount
        nodes {
          account
        }
      }
    }
  }
`;
