/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type PhoneRowFragment = { id: string, appId: string, account: string, phoneName: string | null, groupName: string | null, displayNum: string | null };

export type AppsQueryVariables = Exact<{ [key: string]: never; }>;


export type AppsQuery = { apps: Array<{ id: string, appId: string, name: string | null }> };

export type AppByAppIdQueryVariables = Exact<{
  appId: string;
}>;


export type AppByAppIdQuery = { app: { id: string, appId: string, name: string | null } | null };

export type PhonePageQueryVariables = Exact<{
  appId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type PhonePageQuery = { app: { appId: string, phones: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, edges: Array<{ cursor: string, node: { id: string, appId: string, account: string, phoneName: string | null, groupName: string | null, displayNum: string | null } }> } | null } | null };

export type PhoneCountQueryVariables = Exact<{
  appId: string;
}>;


export type PhoneCountQuery = { app: { phones: { totalCount: number } | null } | null };

export type PhonePageNumbersQueryVariables = Exact<{
  appId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type PhonePageNumbersQuery = { app: { phones: { nodes: Array<{ account: string }>, pageCursors: { first: { pageNumber: number, cursor: string, isCurrent: boolean } | null, around: Array<{ pageNumber: number, cursor: string, isCurrent: boolean }>, last: { pageNumber: number, cursor: string, isCurrent: boolean } | null, previous: { pageNumber: number, cursor: string, isCurrent: boolean } | null, next: { pageNumber: number, cursor: string, isCurrent: boolean } | null } | null } | null } | null };

export type PageLinkFragment = { pageNumber: number, cursor: string, isCurrent: boolean };

export type SipPhoneQueryVariables = Exact<{
  appId: string;
  account: string;
}>;


export type SipPhoneQuery = { sipPhone: { id: string, appId: string, account: string, phoneName: string | null, groupName: string | null, displayNum: string | null, app: { appId: string, name: string | null } | null } | null };

export type PhonesByAccountQueryVariables = Exact<{
  appId: string;
  accounts: Array<string> | string;
}>;


export type PhonesByAccountQuery = { app: { phonesByAccount: Array<{ id: string, appId: string, account: string, phoneName: string | null, groupName: string | null, displayNum: string | null } | null> | null } | null };

export type PhonePasswordQueryVariables = Exact<{
  appId: string;
  account: string;
}>;


export type PhonePasswordQuery = { sipPhone: { account: string, password: string | null } | null };

export type PhonePasswordsQueryVariables = Exact<{
  appId: string;
  first?: number | null | undefined;
}>;


export type PhonePasswordsQuery = { app: { phones: { nodes: Array<{ account: string, password: string | null }> } | null } | null };

export type NodeQueryVariables = Exact<{
  id: string;
}>;


export type NodeQuery = { node:
    | { __typename: 'App', appId: string, name: string | null, id: string }
    | { __typename: 'SipPhone', id: string, appId: string, account: string, phoneName: string | null, groupName: string | null, displayNum: string | null }
   | null };

export type NodesQueryVariables = Exact<{
  ids: Array<string> | string;
}>;


export type NodesQuery = { nodes: Array<
    | { __typename: 'App', id: string }
    | { __typename: 'SipPhone', account: string, id: string }
   | null> };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const PhoneRowFragmentDoc = new TypedDocumentString(`
    fragment PhoneRow on SipPhone {
  id
  appId
  account
  phoneName
  groupName
  displayNum
}
    `, {"fragmentName":"PhoneRow"}) as unknown as TypedDocumentString<PhoneRowFragment, unknown>;
export const PageLinkFragmentDoc = new TypedDocumentString(`
    fragment PageLink on PageCursor {
  pageNumber
  cursor
  isCurrent
}
    `, {"fragmentName":"PageLink"}) as unknown as TypedDocumentString<PageLinkFragment, unknown>;
export const AppsDocument = new TypedDocumentString(`
    query Apps {
  apps {
    id
    appId
    name
  }
}
    `) as unknown as TypedDocumentString<AppsQuery, AppsQueryVariables>;
export const AppByAppIdDocument = new TypedDocumentString(`
    query AppByAppId($appId: ID!) {
  app(appId: $appId) {
    id
    appId
    name
  }
}
    `) as unknown as TypedDocumentString<AppByAppIdQuery, AppByAppIdQueryVariables>;
export const PhonePageDocument = new TypedDocumentString(`
    query PhonePage($appId: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  app(appId: $appId) {
    appId
    phones(first: $first, after: $after, last: $last, before: $before) {
      totalCount
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
      edges {
        cursor
        node {
          ...PhoneRow
        }
      }
    }
  }
}
    fragment PhoneRow on SipPhone {
  id
  appId
  account
  phoneName
  groupName
  displayNum
}`) as unknown as TypedDocumentString<PhonePageQuery, PhonePageQueryVariables>;
export const PhoneCountDocument = new TypedDocumentString(`
    query PhoneCount($appId: ID!) {
  app(appId: $appId) {
    phones {
      totalCount
    }
  }
}
    `) as unknown as TypedDocumentString<PhoneCountQuery, PhoneCountQueryVariables>;
export const PhonePageNumbersDocument = new TypedDocumentString(`
    query PhonePageNumbers($appId: ID!, $first: Int, $after: String) {
  app(appId: $appId) {
    phones(first: $first, after: $after) {
      nodes {
        account
      }
      pageCursors {
        first {
          ...PageLink
        }
        around {
          ...PageLink
        }
        last {
          ...PageLink
        }
        previous {
          ...PageLink
        }
        next {
          ...PageLink
        }
      }
    }
  }
}
    fragment PageLink on PageCursor {
  pageNumber
  cursor
  isCurrent
}`) as unknown as TypedDocumentString<PhonePageNumbersQuery, PhonePageNumbersQueryVariables>;
export const SipPhoneDocument = new TypedDocumentString(`
    query SipPhone($appId: ID!, $account: String!) {
  sipPhone(appId: $appId, account: $account) {
    ...PhoneRow
    app {
      appId
      name
    }
  }
}
    fragment PhoneRow on SipPhone {
  id
  appId
  account
  phoneName
  groupName
  displayNum
}`) as unknown as TypedDocumentString<SipPhoneQuery, SipPhoneQueryVariables>;
export const PhonesByAccountDocument = new TypedDocumentString(`
    query PhonesByAccount($appId: ID!, $accounts: [String!]!) {
  app(appId: $appId) {
    phonesByAccount(accounts: $accounts) {
      ...PhoneRow
    }
  }
}
    fragment PhoneRow on SipPhone {
  id
  appId
  account
  phoneName
  groupName
  displayNum
}`) as unknown as TypedDocumentString<PhonesByAccountQuery, PhonesByAccountQueryVariables>;
export const PhonePasswordDocument = new TypedDocumentString(`
    query PhonePassword($appId: ID!, $account: String!) {
  sipPhone(appId: $appId, account: $account) {
    account
    password
  }
}
    `) as unknown as TypedDocumentString<PhonePasswordQuery, PhonePasswordQueryVariables>;
export const PhonePasswordsDocument = new TypedDocumentString(`
    query PhonePasswords($appId: ID!, $first: Int) {
  app(appId: $appId) {
    phones(first: $first) {
      nodes {
        account
        password
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PhonePasswordsQuery, PhonePasswordsQueryVariables>;
export const NodeDocument = new TypedDocumentString(`
    query Node($id: ID!) {
  node(id: $id) {
    __typename
    id
    ... on App {
      appId
      name
    }
    ... on SipPhone {
      ...PhoneRow
    }
  }
}
    fragment PhoneRow on SipPhone {
  id
  appId
  account
  phoneName
  groupName
  displayNum
}`) as unknown as TypedDocumentString<NodeQuery, NodeQueryVariables>;
export const NodesDocument = new TypedDocumentString(`
    query Nodes($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename
    id
    ... on SipPhone {
      account
    }
  }
}
    `) as unknown as TypedDocumentString<NodesQuery, NodesQueryVariables>;