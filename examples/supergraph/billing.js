import { createServer } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLError, parse } from 'graphql';
import { createYoga } from 'graphql-yoga';

const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])

  type Query {
    "What phones cost, the newest first."
    invoices(first: Int! = 10, after: String): InvoiceConnection!
  }

  "A phone of the other subgraph, with what billing knows of it."
  type SipPhone @key(fields: "id") @key(fields: "appId account") {
    id: ID!
    appId: ID!
    account: String!
    "In cents."
    monthlyFee: Int
    invoices(first: Int! = 10, after: String): InvoiceConnection
  }

  type Invoice @key(fields: "number") {
    number: ID!
    "In cents."
    amount: Int!
    phone: SipPhone
  }

  type InvoiceConnection { edges: [InvoiceEdge!]! pageInfo: PageInfo! }
  type InvoiceEdge { cursor: String! node: Invoice! }
  type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
`);

/**
 * Serves a subgraph that bills phones: it extends `SipPhone` by both of its keys and has a Relay connection of its own.
 * @param {readonly { id: string, appId: string, account: string }[]} phones what billing has on file.
 * @param {{ port?: number }} [options]
 */
export async function serveBilling(phones, { port = 0 } = {}) {
  const byId = new Map(phones.map((phone) => [phone.id, phone]));
  const byKey = new Map(phones.map((phone) => [keyOf(phone), phone]));
  const invoices = phones.map((phone, index) => ({
    number: String(phones.length - index),
    amount: 500 + index,
    phone,
  }));
  /** What the router sent, for whoever wants to see it. */
  const requests = [];

  const yoga = createYoga({
    schema: buildSubgraphSchema({
      typeDefs,
      resolvers: {
        Query: { invoices: (_root, args) => page(invoices, args) },
        Invoice: {
          __resolveReference: ({ number }) => invoices.find((invoice) => invoice.number === number) ?? null,
        },
        SipPhone: {
          __resolveReference: ({ id, appId, account }) =>
            byId.get(id) ?? byKey.get(keyOf({ appId, account })) ?? null,
          monthlyFee: ({ account }) => 100 + account.length,
          invoices: (phone, args) =>
            page(
              invoices.filter((invoice) => invoice.phone === phone),
              args,
            ),
        },
      },
    }),
    plugins: [
      { onParams: ({ params, request }) => void requests.push({ ...params, headers: request.headers }) },
    ],
    graphiql: false,
    landingPage: false,
    logging: false,
  });
  const server = createServer(yoga);
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/graphql`,
    requests,
    close: () => new Promise((resolve) => server.close(resolve) && server.closeAllConnections()),
  };
}

function keyOf({ appId, account }) {
  return JSON.stringify([appId, account]);
}

/** Cursors are invoice numbers: enough for an example whose invoices never change. */
function page(list, { first, after }) {
  if (first < 0 || first > 1000) throw new GraphQLError('Argument "first" must be from 0 to 1000.');
  const start = after ? list.findIndex(({ number }) => number === after) + 1 : 0;
  const edges = list.slice(start, start + first).map((node) => ({ cursor: node.number, node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: start + first < list.length,
      hasPreviousPage: start > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
