import { Environment, Network, RecordSource, Store } from 'relay-runtime';

/** @param {string} url @param {{ headers?: Record<string, string> }} [options] */
export function createRelayEnvironment(url, { headers = {} } = {}) {
  return new Environment({
    network: Network.create(async ({ text, name, id }, variables) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({
          query: text,
          operationName: name,
          variables,
          ...(text ? {} : { documentId: id }),
        }),
      });
      const answer = await response.json();
      // A list that failed is null. Thrown, the error reaches the component; written into the store, the null would
      // take the rows away that are already on the screen.
      const [error] = answer.errors ?? [];
      if (error !== undefined) throw Object.assign(new Error(error.message), error.extensions);
      return answer;
    }),
    store: new Store(new RecordSource()),
  });
}
