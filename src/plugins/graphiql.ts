import { EXAMPLE_TABS } from './graphiql-tabs.ts';

/** GraphiQL out of the package, nothing from the internet, opened on the example queries. */
export const GRAPHIQL_PAGE = {
  async render(): Promise<string> {
    // 9 MB of text, which neither a start nor a gateway without visitors should pay for.
    const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
    return renderGraphiQL({
      title: 'Itnio voice',
      defaultTabs: EXAMPLE_TABS.map(({ query, variables }) => ({
        query,
        ...(variables === undefined ? {} : { variables: JSON.stringify(variables, null, 2) }),
      })),
      shouldPersistHeaders: false,
    });
  },
  /** The editor writes its styles into the page, and runs its workers out of texts in it. */
  contentSecurityPolicy: [
    "default-src 'none'",
    "base-uri 'none'",
    "connect-src 'self'",
    'font-src data:',
    "form-action 'none'",
    "frame-ancestors 'none'",
    'img-src data:',
    "style-src 'unsafe-inline'",
    'worker-src blob:',
  ],
} as const;
