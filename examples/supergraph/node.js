import { createServer } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { createYoga } from 'graphql-yoga';

const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { node(id: ID!): Node }
  interface Node { id: ID! }
  type App implements Node @key(fields: "id", resolvable: false) { id: ID! }
  type SipPhone implements Node @key(fields: "id", resolvable: false) { id: ID! }
`);

/**
 * Serves `Query.node` for a whole supergraph: it reads the type out of the id and answers a reference; the router fetches
 * the rest from the subgraph that has it. A supergraph with other nodes adds their types here.
 * @param {{ port?: number }} [options]
 */
export async function serveNode({ port = 0 } = {}) {
  const yoga = createYoga({
    schema: buildSubgraphSchema({
      typeDefs,
      resolvers: {
        Query: { node: (_root, { id }) => readReference(id) },
        Node: { __resolveType: (node) => node.__typename },
      },
    }),
    graphiql: false,
    landingPage: false,
    logging: false,
  });
  const server = createServer(yoga);
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/graphql`,
    close: () => new Promise((resolve) => server.close(resolve) && server.closeAllConnections()),
  };
}

/** Ids of the gateway are base64url of its type, a colon, and what is not for taking apart. */
function readReference(id) {
  const [__typename] = Buffer.from(id, 'base64url').toString().split(':', 1);
  return __typename === 'App' || __typename === 'SipPhone' ? { __typename, id } : null;
}
