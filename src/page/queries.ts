export interface App {
  readonly appId: string;
  readonly name: string | null;
}

export interface Phone {
  readonly account: string;
  readonly phoneName: string | null;
  readonly groupName: string | null;
  readonly displayNum: string | null;
}

export interface PageCursor {
  readonly pageNumber: number;
  readonly cursor: string;
  readonly isCurrent: boolean;
}

export interface PageCursors {
  readonly first: PageCursor | null;
  readonly around: readonly PageCursor[];
  readonly last: PageCursor | null;
}

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

export interface PhoneList {
  readonly totalCount: number;
  readonly asOf: string | null;
  readonly nodes: readonly Phone[];
  readonly pageInfo: PageInfo;
  readonly pageCursors: PageCursors;
}

export interface Group {
  readonly name: string | null;
  readonly phoneCount: number;
}

export const APPS = 'query Apps { apps { appId name } }';

export const PHONES = `query Phones($appId: ID!, $first: Int, $last: Int, $after: String, $before: String, $filter: PhoneFilter, $orderBy: PhoneOrder) {
  app(appId: $appId) {
    phones(first: $first, last: $last, after: $after, before: $before, filter: $filter, orderBy: $orderBy) {
      totalCount
      asOf
      nodes { account phoneName groupName displayNum }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      pageCursors {
        first { ...Page }
        around { ...Page }
        last { ...Page }
      }
    }
  }
}
fragment Page on PageCursor { pageNumber cursor isCurrent }`;

export const PHONE = `query Phone($appId: ID!, $account: String!) {
  app(appId: $appId) { phone(account: $account) { account phoneName groupName displayNum } }
}`;

/** The count is of the same reading of the list: with an order it is not counted anew. */
export const GROUPS = `query Groups($appId: ID!) {
  app(appId: $appId) {
    groups(first: 1000) { name phoneCount }
    phones(first: 0, orderBy: { field: ACCOUNT }) { totalCount }
  }
}`;

export const PASSWORD = `query Password($appId: ID!, $account: String!) {
  app(appId: $appId) { phone(account: $account) { password } }
}`;
