import { createExampleTabs } from '../../src/http/pages/graphiql-tabs.ts';
import type { ServedGateway } from './served-gateway.ts';

/** The query of a GraphiQL tab, asked of another app and, where one is given, in pages of another size. */
export function createTabQuery(name: 'Forward' | 'Backwards', appId: string, size = 20): string {
  const query =
    createExampleTabs({ appId, passwords: true }).find((tab) => tab.query.includes(`query ${name}`))?.query ??
    '';
  return query.replace(/(first|last): 20/, `$1: ${size}`);
}

/** Follows a tab's query as its comment tells a reader to, to the end. The connections, in the order they came. */
export async function walkTab(
  { post }: Pick<ServedGateway, 'post'>,
  name: 'Forward' | 'Backwards',
  appId: string,
  size?: number,
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there.
): Promise<any[]> {
  const query = createTabQuery(name, appId, size);
  const pages = [];
  let variables = {};
  for (;;) {
    const { json } = await post({ query, variables });
    if (json.errors !== undefined) throw new Error(`A page failed: ${JSON.stringify(json.errors)}`);
    const { phones } = json.data.app;
    pages.push(phones);
    const { pageInfo } = phones;
    if (!(pageInfo.hasNextPage ?? pageInfo.hasPreviousPage)) return pages;
    variables = name === 'Forward' ? { after: pageInfo.endCursor } : { before: pageInfo.startCursor };
  }
}
