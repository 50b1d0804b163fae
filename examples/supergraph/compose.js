import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { composeServices, compositionHasErrors } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { serveBilling } from './billing.js';
import { askGateway, PHONES_URL, readPhones } from './phones.js';

/**
 * Reads each subgraph's SDL from the subgraph itself, and composes them.
 * @param {readonly { name: string, url: string, headers?: Record<string, string> }[]} subgraphs
 */
export async function compose(subgraphs) {
  const services = await Promise.all(
    subgraphs.map(async ({ name, url, headers }) => {
      const { _service } = await askGateway(url, '{ _service { sdl } }', {}, headers);
      return { name, url, typeDefs: parse(_service.sdl) };
    }),
  );
  const result = composeServices(services);
  if (compositionHasErrors(result)) throw new Error(result.errors.map(({ message }) => message).join('\n'));
  return result.supergraphSdl;
}

// `node compose.js` writes supergraph.graphql, for routers that read a file, and serves billing until it is stopped.
if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const billing = await serveBilling(await readPhones(PHONES_URL), { port: 4001 });
  await writeFile(
    new URL('supergraph.graphql', import.meta.url),
    await compose([
      { name: 'phones', url: PHONES_URL },
      { name: 'billing', url: billing.url },
    ]),
  );
  console.log(`supergraph.graphql is written; billing is at ${billing.url}`);
}
