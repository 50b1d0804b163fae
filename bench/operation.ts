/** A page as a frontend reads it: the count, where it stands, and of each phone its cursor and its fields. */
const PAGE = `totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { cursor node { id account phoneName groupName displayNum } }`;

const PAGE_QUERY = `query Phones($appId: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  app(appId: $appId) {
    phones(first: $first, after: $after, last: $last, before: $before) {
      ${PAGE}
    }
  }
}`;

const WINDOWS = Array.from({ length: 10 }, (_, index) => index);

/** Ten pages of one app at once. */
const WINDOWS_QUERY = `query Windows($appId: ID!, ${WINDOWS.map((index) => `$after${index}: String`).join(', ')}) {
  app(appId: $appId) {
    ${WINDOWS.map((index) => `w${index}: phones(first: 20, after: $after${index}) { ${PAGE} }`).join('\n    ')}
  }
}`;

/** What a federation router asks for. */
const ENTITIES_QUERY = `query Entities($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on SipPhone { id account phoneName groupName displayNum } }
}`;

/** Nothing comes of it but an error. */
const WRONG_QUERY = 'query Wrong($appId: ID!) { app(appId: $appId) { nope } }';

export interface PageVariables {
  readonly appId: string;
  readonly first?: number | undefined;
  readonly after?: string | undefined;
  readonly last?: number | undefined;
  readonly before?: string | undefined;
}

/** What the query asks for, as far as the benchmark looks at it. */
export interface PhonesAnswer {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean };
  readonly edges: readonly {
    readonly cursor: string;
    readonly node: {
      readonly account: string;
      readonly phoneName: string | null;
      readonly groupName: string | null;
      readonly displayNum: string | null;
    };
  }[];
}

/** @throws {Error} when the answer has errors. */
export async function fetchPhones(origin: string, variables: PageVariables): Promise<PhonesAnswer> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: PAGE_QUERY, variables }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  const { data, errors } = JSON.parse(text);
  if (errors !== undefined) throw new Error(text);
  return data.app.phones;
}

/** Cursors of the first or the last rows of pages of `size`, from the second page on, walked up as a client would. */
export async function fetchCursors(
  origin: string,
  appId: string,
  { size, pages, row }: { readonly size: number; readonly pages: number; readonly row: 'first' | 'last' },
): Promise<string[]> {
  const cursors: string[] = [];
  let position = 0;
  let after: string | undefined;
  while (cursors.length < pages) {
    const { edges } = await fetchPhones(origin, { appId, first: 100, after });
    for (const { cursor } of edges) {
      if (position >= size - 1 && position % size === (row === 'first' ? 0 : size - 1)) cursors.push(cursor);
      position++;
    }
    after = edges.at(-1)?.cursor;
  }
  return cursors.slice(0, pages);
}

export function createPageRequest(variables: PageVariables): Buffer {
  return createPost('/graphql', { query: PAGE_QUERY, variables });
}

/** @param afters cursors of ten pages. */
export function createWindowsRequest(appId: string, afters: readonly string[]): Buffer {
  const variables = Object.fromEntries(WINDOWS.map((index) => [`after${index}`, afters[index]]));
  return createPost('/graphql', { query: WINDOWS_QUERY, variables: { ...variables, appId } });
}

/** The phones of a page of 100, each by its key. */
export function createEntitiesRequest(appId: string, accounts: readonly string[]): Buffer {
  const representations = accounts.map((account) => ({ __typename: 'SipPhone', appId, account }));
  return createPost('/graphql', { query: ENTITIES_QUERY, variables: { representations } });
}

export function createWrongRequest(appId: string): Buffer {
  return createPost('/graphql', { query: WRONG_QUERY, variables: { appId } });
}

/** The vendor's call for a page. */
export function createVendorRequest(appId: string, current: number, size: number): Buffer {
  return createPost('/sipQuery', { current, size, params: { appId } });
}

function createPost(path: string, content: object): Buffer {
  const body = JSON.stringify(content);
  const length = Buffer.byteLength(body);
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`,
  );
}
