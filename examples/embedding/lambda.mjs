// The gateway as a serverless function that is asked by HTTP, such as one of AWS Lambda with a function URL.
import { createHandler } from 'itnio-graphql-gateway';

// Made once for each instance, and asked by each of its requests.
const answer = createHandler(process.env, {
  writeAudit: async (records) => console.log(JSON.stringify(records)),
});

/** @param event of the payload format 2.0 */
export async function handler(event) {
  const { method, sourceIp } = event.requestContext.http;
  const query = event.rawQueryString === '' ? '' : `?${event.rawQueryString}`;
  const request = new Request(`https://${event.headers.host}${event.rawPath}${query}`, {
    method,
    headers: event.headers,
    ...(event.body === undefined
      ? {}
      : { body: Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8') }),
  });
  const response = await answer(request, { clientAddress: sourceIp });
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  };
}

export const close = () => answer.close();
