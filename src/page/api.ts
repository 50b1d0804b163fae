/** A failure as the gateway tells it: one error of an answer, or none where there was no answer at all. */
export class Failure extends Error {
  readonly code: string;
  readonly requestId: string | undefined;
  /** Milliseconds after which the same request may succeed; undefined where nobody knows. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, extensions: Partial<Extensions> = {}) {
    super(message);
    this.code = extensions.code ?? 'NO_ANSWER';
    this.requestId = extensions.requestId;
    this.retryAfterMs = extensions.retryAfterMs;
  }
}

interface Extensions {
  readonly code: string;
  readonly requestId: string;
  readonly retryAfterMs?: number;
}

/** What a view cost the vendor. */
export interface Cost {
  readonly calls: number;
  readonly rowsRead: number;
  readonly rowsKept: number;
}

interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: Extensions }[];
  readonly extensions?: { readonly itnio?: Cost };
}

export interface Asked<Data> {
  readonly data: Data;
  /** Undefined where the gateway shows it to callers with a token only. */
  readonly cost: Cost | undefined;
}

/**
 * Sends one operation. The first error of an answer is thrown: each query of this page asks for one thing.
 * @throws {Failure}
 */
export async function ask<Data>(
  query: string,
  variables: object,
  { token, signal }: { readonly token: string; readonly signal?: AbortSignal },
): Promise<Asked<Data>> {
  let answer: Answer<Data>;
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-itnio-ledger': '1',
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
      ...(signal === undefined ? {} : { signal }),
    });
    answer = await response.json();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Failure('The gateway did not answer.');
  }
  const [error] = answer.errors ?? [];
  if (error !== undefined) throw new Failure(error.message, error.extensions);
  if (answer.data == null) throw new Failure('The gateway answered nothing.');
  return { data: answer.data, cost: answer.extensions?.itnio };
}
