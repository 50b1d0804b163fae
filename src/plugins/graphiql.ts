import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { YogaServerOptions } from 'graphql-yoga';
import { EXAMPLE_TABS } from './graphiql-tabs.ts';

/** GraphiQL out of the package, nothing from the internet, opened on the example queries. */
export const GRAPHIQL: Pick<YogaServerOptions<object, object>, 'graphiql' | 'renderGraphiQL'> = {
  graphiql: {
    title: 'Itnio voice',
    // The examples come as tabs with words of explanation; the first one stands in front.
    defaultTabs: EXAMPLE_TABS.map(({ query, variables }) => ({
      query,
      ...(variables === undefined ? {} : { variables: JSON.stringify(variables, null, 2) }),
    })),
    shouldPersistHeaders: false,
  },
  renderGraphiQL: (options) => renderGraphiQL(options),
};
