// The gateway as one route of a Fastify server: node examples/embedding/fastify.mjs
import { Readable } from 'node:stream';
import Fastify from 'fastify';
import { createHandler } from 'itnio-graphql-gateway';

const { PORT = '3000', ...variables } = process.env;
const answer = createHandler(variables, {
  log: console,
  writeAudit: async (records) => console.log(JSON.stringify(records)),
});
const server = Fastify({ trustProxy: false });

// The gateway reads the body itself, as far as it takes one.
server.removeAllContentTypeParsers();
server.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

server.route({
  method: ['GET', 'POST'],
  url: '/graphql',
  async handler({ method, url, headers, body, ip }, reply) {
    const request = new Request(new URL(url, `http://${headers.host}`), {
      method,
      headers,
      ...(body ? { body: Readable.toWeb(body), duplex: 'half' } : {}),
    });
    const response = await answer(request, { clientAddress: ip });
    reply.code(response.status).headers(Object.fromEntries(response.headers));
    return reply.send(Buffer.from(await response.arrayBuffer()));
  },
});
server.addHook('onClose', () => answer.close());

console.log(`GraphQL is at ${await server.listen({ port: Number(PORT) })}/graphql`);
process.on('SIGTERM', () => server.close());
