import { RESTDataSource } from '@apollo/datasource-rest';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { createResolvers, typeDefs } from './schema.js';
import { signHeaders, VENDOR_URL } from './vendor.js';

/* Apollo Server with a data source for REST, as its documentation has it. */
class VoiceApi extends RESTDataSource {
  baseURL = `${VENDOR_URL}/`;

  send = (body) => this.post('sipQuery', { body, headers: signHeaders() });
}

const server = new ApolloServer({
  typeDefs,
  resolvers: createResolvers(({ voiceApi }) => voiceApi.send),
});
await startStandaloneServer(server, {
  listen: { port: Number(process.env.PORT), host: '127.0.0.1' },
  context: async () => ({ voiceApi: new VoiceApi({ cache: server.cache }) }),
});
