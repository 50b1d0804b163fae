import { type Agent, request } from 'node:http';

/** Asks a gateway on a connection of the agent: kept ones are used again. @returns the answer, parsed. */
export function askOn<Reply>(agent: Agent, origin: string, query: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const call = request(`${origin}/graphql`, { agent, method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('end', () => resolve(JSON.parse(text)));
    });
    call.once('error', reject);
    call.end(JSON.stringify({ query }));
  });
}
