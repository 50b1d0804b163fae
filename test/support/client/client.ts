import type { TypedDocumentString } from './generated/graphql.ts';

/** An answer as it came: what a frontend sees, and what a test wants to see beside it. */
interface Answer<Data> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Data | null | undefined;
  /** Empty when there were none. */
  readonly errors: readonly AnswerError[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
  readonly extensions: { readonly code?: string; readonly argument?: string } & Readonly<Record<string, unknown>>;
}

type VariablesOf<Variables> = Record<string, never> extends Variables ? [variables?: Variables] : [variables: Variables];

export interface Client {
  /** Sends an operation of `*.graphql`; data and variables are typed by the schema. */
  request<Data, Variables>(
    document: TypedDocumentString<Data, Variables>,
    ...variables: VariablesOf<Variables>
  ): Promise<Answer<Data>>;
  /** Sends any text as a query: for what codegen would refuse. */
  send(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Answer<Record<string, unknown>>>;
}

/**
 * Creates a client as a frontend would: GraphQL over HTTP with POST and JSON.
 * @param url of the endpoint, `/graphql` included.
 * @param token goes out as `Authorization: Bearer …`.
 */
export function createClient(url: string, token?: string): Client {
  async function post<Data>(query: string, variables: unknown): Promise<Answer<Data>> {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json, application/json;q=0.9',
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    const body: { data?: Data | null; errors?: AnswerError[]; extensions?: Record<string, unknown> } = JSON.parse(
      await response.text(),
    );
    return {
      status: response.status,
      headers: response.headers,
      data: body.data,
      errors: body.errors ?? [],
      extensions: body.extensions ?? {},
    };
  }

  return {
    request: (document, ...[variables]) => post(document.toString(), variables),
    send: (query, variables) => post(query, variables),
  };
}
