/** Where the gateway is: what `npm start` of this repository serves, unless said otherwise. */
export const PHONES_URL = process.env.PHONES_URL ?? 'http://127.0.0.1:4000/graphql';

/** Sends one operation and returns its data. Rejects with the first error. */
export async function askGateway(url, query, variables = {}, headers = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors = [] } = await response.json();
  if (errors.length > 0) throw new Error(errors[0].message);
  return data;
}

/** The first phones of each app: what billing has on file in this example. */
export async function readPhones(url) {
  const { apps } = await askGateway(
    url,
    'query Phones { apps { appId phones(first: 100) { nodes { id appId account } } } }',
  );
  return apps.flatMap(({ phones }) => phones?.nodes ?? []);
}
