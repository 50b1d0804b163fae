export interface ExampleTab {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** The sandbox's first app. */
export const SANDBOX_APP_ID = '4luaKsL2';

export interface ExampleTabOptions {
  readonly appId: string;
  /** Whether the graph has the field `password`. */
  readonly passwords: boolean;
}

/** What GraphiQL opens with. A test runs each against the sandbox. */
export function createExampleTabs({ appId, passwords }: ExampleTabOptions): readonly ExampleTab[] {
  return [
    {
      query: `# Paging forward. Run it, then put the endCursor into "after" (below, in Variables) and run it again,
# until hasNextPage is false.
query Forward($after: String) {
  app(appId: "${appId}") {
    name
    phones(first: 20, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        account
        phoneName
        groupName
        displayNum
      }
    }
  }
}
`,
      variables: { after: null },
    },
    {
      query: `# Paging backwards, from the end. Put the startCursor into "before" to go on.
query Backwards($before: String) {
  app(appId: "${appId}") {
    phones(last: 20, before: $before) {
      pageInfo {
        hasPreviousPage
        startCursor
      }
      edges {
        cursor
        node {
          account
        }
      }
    }
  }
}
`,
      variables: { before: null },
    },
    {
      query: `# Several windows in one request. The gateway reads the union of them, in as few vendor calls as it takes.
query Windows {
  app(appId: "${appId}") {
    start: phones(first: 5) {
      ...Accounts
    }
    end: phones(last: 5) {
      ...Accounts
    }
    count: phones {
      totalCount
    }
  }
}

fragment Accounts on PhoneConnection {
  nodes {
    account
  }
}
`,
    },
    {
      query: `# One phone by its account. Its id says the same in one word: node(id: "…") finds the phone by it.
query Lookup($account: String!) {
  sipPhone(appId: "${appId}", account: $account) {
    id
    account
    phoneName
    app {
      name
    }
  }
}
`,
      variables: { account: 'test_001' },
    },
    {
      query: `# Search and order: the whole list is read for it, and kept for a moment. Cursors work as ever.
query Search($filter: PhoneFilter, $orderBy: PhoneOrder, $after: String) {
  app(appId: "${appId}") {
    phones(first: 20, after: $after, filter: $filter, orderBy: $orderBy) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        account
        phoneName
        groupName
      }
    }
  }
}
`,
      variables: { filter: { text: '1' }, orderBy: { field: 'PHONE_NAME', direction: 'DESC' }, after: null },
    },
    ...(passwords
      ? [
          {
            query: `# A password takes the scope passwords:read, and each one that is read stands in the audit log.
# Without the scope it is null, with FORBIDDEN at its path; the rest of the answer stays.
query Password($account: String!) {
  sipPhone(appId: "${appId}", account: $account) {
    account
    password
  }
}
`,
            variables: { account: 'test_001' },
          },
        ]
      : []),
    {
      query: `# What a federation router asks: phones by the keys that other subgraphs know.
query Entities($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on SipPhone {
      account
      phoneName
    }
  }
}
`,
      variables: {
        representations: [
          { __typename: 'SipPhone', appId, account: 'test_001' },
          { __typename: 'SipPhone', appId, account: 'test_002' },
        ],
      },
    },
    {
      query: `# What goes wrong has a code, the argument at fault, and whether trying again may help.
# Only the field that failed is null.
query Failure {
  apps {
    appId
  }
  app(appId: "${appId}") {
    phones(first: 101) {
      totalCount
    }
  }
}
`,
    },
  ];
}
