import { graphql } from 'relay-runtime';

export const query = graphql`
  query phoneListQuery($appId: ID!, $first: Int!) {
    app(appId: $appId) {
      ...phoneList_app @arguments(first: $first)
    }
  }
`;

export const fragment = graphql`
  fragment phoneList_app on App
  @argumentDefinitions(first: { type: "Int!" }, after: { type: "String" })
  @refetchable(queryName: "phoneListPaginationQuery") {
    phones(first: $first, after: $after) @connection(key: "phoneList_phones") {
      totalCount
      edges {
        node {
          id
          account
        }
      }
    }
  }
`;

export const backwardQuery = graphql`
  query phoneListBackwardQuery($appId: ID!, $last: Int!) {
    app(appId: $appId) {
      ...phoneListBackward_app @arguments(last: $last)
    }
  }
`;

export const backwardFragment = graphql`
  fragment phoneListBackward_app on App
  @argumentDefinitions(last: { type: "Int!" }, before: { type: "String" })
  @refetchable(queryName: "phoneListBackwardPaginationQuery") {
    phones(last: $last, before: $before) @connection(key: "phoneListBackward_phones") {
      totalCount
      edges {
        node {
          id
          account
        }
      }
    }
  }
`;
