import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import config from './gateway.config.js';

/**
 * Serves a supergraph through Hive Gateway.
 * @param {string} supergraphSdl
 * @param {{ port?: number, planner?: 'gateway' | 'router' }} [options] `router` plans as Hive Router does.
 */
export async function serveHive(supergraphSdl, { port = 0, planner = 'gateway' } = {}) {
  const runtime = createGatewayRuntime({
    ...config,
    supergraph: supergraphSdl,
    logging: false,
    ...(planner === 'router' ? { unifiedGraphHandler } : {}),
  });
  const server = createServer(runtime);
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/graphql`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await runtime[Symbol.asyncDispose]();
    },
  };
}
