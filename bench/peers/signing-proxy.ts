import { createHash } from 'node:crypto';
import { Agent, createServer, request as sendRequest } from 'node:http';

/*
 * The least that a gateway can be: it signs a call, passes it on and pipes the answer back. What anything else takes more
 * is the price of what it does more.
 */
const { PORT, UPSTREAM_URL = '', API_KEY = '', API_SECRET = '' } = process.env;
const agent = new Agent({ keepAlive: true, maxSockets: 20 });

createServer((request, response) => {
  if (request.method === 'GET') {
    response.end();
    return;
  }
  const timestamp = String(Math.floor(Date.now() / 1000));
  const call = sendRequest(
    `${UPSTREAM_URL}/sipQuery`,
    {
      method: 'POST',
      agent,
      headers: {
        'Content-Type': 'application/json;charset=UTF-8',
        'Content-Length': request.headers['content-length'],
        'Api-Key': API_KEY,
        Timestamp: timestamp,
        Sign: createHash('md5')
          .update(API_KEY + API_SECRET + timestamp)
          .digest('hex'),
      },
    },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  call.once('error', () => response.writeHead(502).end());
  request.pipe(call);
}).listen(Number(PORT), '127.0.0.1');
