import { GraphQLClient } from 'graphql-request';
import { graphql } from '../setups/gql-tada.ts';

const Phones = graphql(`
  query Phones($appId: ID!, $first: Int) {
    app(appId: $appId) {
      phones(first: $first) {
        totalCount
        nodes {
          account
          groupName
        }
      }
    }
  }
`);

export async function readPhones(url: string, appId: string): Promise<[count: number, accounts: string[]]> {
  const client = new GraphQLClient(url);
  const { app } = await client.request(Phones, { appId, first: 2 });
  const phones = app?.phones;
  // @ts-expect-error An app id is needed.
  void (() => client.request(Phones, { first: 2 }));
  // @ts-expect-error Not selected.
  void phones?.pageInfo;
  return [phones?.totalCount ?? 0, phones?.nodes.map(({ account }) => account) ?? []];
}
