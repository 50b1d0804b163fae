/** A page as a frontend reads it: the count, where it stands, and of each phone its cursor and its fields. */
const QUERY = `query Phones($appId: ID!, $first: Int!, $after: String) {
  app(appId: $appId) {
    phones(first: $first, after: $after) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { cursor node { id account phoneName groupName displayNum } }
    }
  }
}`;

export interface PageVariables {
  readonly appId: string;
  readonly first: number;
  readonly after?: string | undefined;
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
    body: JSON.stringify({ query: QUERY, variables }),
  });
  const text = await response.text();
  const { data, errors } = JSON.parse(text);
  if (errors !== undefined) throw new Error(text);
  return data.app.phones;
}

/** Cursors of the rows that end each page of `size`, walked up as a client would. */
export async function fetchPageEnds(origin: string, appId: string, size: number): Promise<string[]> {
  const cursors: string[] = [];
  let position = 0;
  let after: string | undefined;
  for (;;) {
    const { pageInfo, edges } = await fetchPhones(origin, { appId, first: 100, after });
    for (const { cursor } of edges) if (++position % size === 0) cursors.push(cursor);
    if (!pageInfo.hasNextPage) return cursors.slice(0, -1);
    after = edges.at(-1)?.cursor;
  }
}

/** The query as bytes to be sent. */
export function createPageRequest(variables: PageVariables): Buffer {
  return createPost('/graphql', { query: QUERY, variables });
}

/** The vendor's call for a page, as bytes to be sent. */
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
