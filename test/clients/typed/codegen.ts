import { graphql } from './generated/codegen/gql.ts';
import type { TypedDocumentString } from './generated/codegen/graphql.ts';

const Phones = graphql(`
  query PhonesOfApp($appId: ID!, $first: Int) {
    app(appId: $appId) {
      phones(first: $first) {
        totalCount
        nodes {
          account
        }
      }
    }
  }
`);

/** Sends a document by its hash, which the list has. */
async function ask<Data, Variables>(
  url: string,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ documentId: document.__meta__?.['hash'], variables }),
  });
  const { data, errors }: { data: Data; errors?: { message: string }[] } = await response.json();
  if (errors?.[0] !== undefined) throw new Error(errors[0].message);
  return data;
}

export async function readPhones(url: string, appId: string): Promise<[count: number, accounts: string[]]> {
  const { app } = await ask(url, Phones, { appId, first: 2 });
  // @ts-expect-error An app id is needed.
  void (() => ask(url, Phones, { first: 2 }));
  return [app?.phones?.totalCount ?? 0, app?.phones?.nodes.map(({ account }) => account) ?? []];
}
