import { createServer } from 'node:http';
import { buildSchema } from 'graphql';
import { createHandler } from 'graphql-http/lib/use/http';
import { createResolvers, typeDefs } from './schema.js';
import { signHeaders, VENDOR_URL } from './vendor.js';

/* The reference server of GraphQL over HTTP, with the fetch that Node brings. */
async function post(body) {
  const response = await fetch(`${VENDOR_URL}/sipQuery`, { method: 'POST', headers: signHeaders(), body });
  return response.json();
}

const schema = buildSchema(typeDefs);
for (const [type, fields] of Object.entries(createResolvers(() => post)))
  for (const [name, resolve] of Object.entries(fields))
    schema.getType(type).getFields()[name].resolve = resolve;

createServer(createHandler({ schema })).listen(Number(process.env.PORT), '127.0.0.1');
