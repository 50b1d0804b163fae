import { graphql } from 'relay-runtime';

export const query = graphql`
  query relayPhonesQuery($appId: ID!, $first: Int!) {
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
