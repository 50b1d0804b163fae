import type { YogaServerOptions } from 'graphql-yoga';
import { EXAMPLE_TABS } from './graphiql-tabs.ts';

/** GraphiQL out of the package, nothing from the internet, opened on the example queries. */
export const GRAPHIQL: Pick<YogaServerOptions<object, object>, 'graphiql' | 'renderGraphiQL'> = {
  graphiql: {
    title: 'Itnio voice',
    defaultTabs: EXAMPLE_TABS.map(({ query, variables }) => ({
      query,
      ...(variables === undefined ? {} : { variables: JSON.stringify(variables, null, 2) }),
    })),
    shouldPersistHeaders: false,
  },
  async renderGraphiQL(options) {
    // 9 MB of text, which neither a start nor a gateway without visitors should pay for.
    const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
    return renderGraphiQL(options);
  },
};
