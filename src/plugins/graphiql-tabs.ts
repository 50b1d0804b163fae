export interface ExampleTab {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** What GraphiQL opens with, written against the sandbox. A test runs each. */
export const EXAMPLE_TABS: readonly ExampleTab[] = [
  {
    query: `# Paging forward. Run it, then put the endCursor into "after" (below, in Variables) and run it again,
# until hasNextPage is false.
query Forward($after: String) {
  app(appId: "4luaKsL2") {
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
  app(appId: "4luaKsL2") {
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
  app(appId: "4luaKsL2") {
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
    query: `# One phone by its account, and the same one again by its global id.
query Lookup($id: ID!) {
  sipPhone(appId: "4luaKsL2", account: "test_001") {
    id
    account
    phoneName
  }
  node(id: $id) {
    id
    ... on SipPhone {
      account
      app {
        name
      }
    }
  }
}
`,
    variables: { id: 'U2lwUGhvbmU6ODo0bHVhS3NMMnRlc3RfMDAx' },
  },
  {
    query: `# What goes wrong has a code, the argument at fault, and whether trying again may help.
# Only the field that failed is null.
query Failure {
  apps {
    appId
  }
  app(appId: "4luaKsL2") {
    phones(first: 101) {
      totalCount
    }
  }
}
`,
  },
];
