import { pathToFileURL } from 'node:url';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { serveBilling } from './billing.js';
import { compose } from './compose.js';
import { PHONES_URL, readPhones } from './phones.js';

// Otherwise the router asks cloud providers where it runs: this example asks nobody but its subgraphs.
process.env.APOLLO_TELEMETRY_DISABLED ??= 'true';

/** The headers of a client's request that the subgraphs get to see. By default a router hands on none. */
const FORWARDED = ['authorization', 'x-request-id', 'traceparent'];

class ForwardingDataSource extends RemoteGraphQLDataSource {
  willSendRequest({ request, context }) {
    for (const name of FORWARDED) {
      const value = context.headers?.[name];
      if (value !== undefined) request.http.headers.set(name, value);
    }
  }
}

/**
 * Serves a supergraph through Apollo Gateway. Codes of subgraph errors reach the client as they are.
 * @param {string} supergraphSdl
 * @param {{ port?: number }} [options]
 */
export async function serveApollo(supergraphSdl, { port = 0 } = {}) {
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ url }) => new ForwardingDataSource({ url }),
  });
  const server = new ApolloServer({
    gateway,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
  });
  const { url } = await startStandaloneServer(server, {
    listen: { port, host: '127.0.0.1' },
    context: async ({ req }) => ({ headers: req.headers }),
  });
  return { url, close: () => server.stop() };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const billing = await serveBilling(await readPhones(PHONES_URL), { port: 4001 });
  const sdl = await compose([
    { name: 'phones', url: PHONES_URL },
    { name: 'billing', url: billing.url },
  ]);
  const { url } = await serveApollo(sdl, { port: 4002 });
  console.log(`The supergraph is at ${url}`);
}
