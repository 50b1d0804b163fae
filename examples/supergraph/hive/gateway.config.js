/** The headers of a client's request that the subgraphs get to see. By default Hive Gateway hands on none. */
const FORWARDED = ['authorization', 'x-request-id', 'traceparent'];

/** @type {import('@graphql-hive/gateway').GatewayConfig} */
export default {
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) =>
      Object.fromEntries(FORWARDED.map((name) => [name, request.headers.get(name) ?? undefined])),
  },
};
