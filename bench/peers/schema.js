import { encodePhoneId, findPhone, readConnection } from './vendor.js';

/** The part of the graph that is measured, for the peers that are written schema first. */
export const typeDefs = `
  scalar _Any
  union _Entity = SipPhone
  type Query {
    app(appId: ID!): App
    _entities(representations: [_Any!]!): [_Entity]!
  }
  type App { phones(first: Int, after: String, last: Int, before: String): PhoneConnection }
  type PhoneConnection { totalCount: Int!  pageInfo: PageInfo!  edges: [PhoneEdge!]! }
  type PageInfo { hasNextPage: Boolean!  hasPreviousPage: Boolean!  startCursor: String  endCursor: String }
  type PhoneEdge { cursor: String!  node: SipPhone! }
  type SipPhone { id: ID!  account: String!  phoneName: String  groupName: String  displayNum: String }
`;

/** @param getPost finds, in what resolvers get, how to send a body to the vendor. */
export function createResolvers(getPost) {
  return {
    Query: {
      app: (_root, { appId }) => ({ appId }),
      _entities: (_root, { representations }, context) =>
        representations.map((representation) => findPhone(getPost(context), representation)),
    },
    App: { phones: ({ appId }, args, context) => readConnection(getPost(context), appId, args) },
    SipPhone: { id: encodePhoneId },
  };
}
