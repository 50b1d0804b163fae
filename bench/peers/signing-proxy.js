import { Agent, createServer, request as sendRequest } from 'node:http';
import { signHeaders, VENDOR_URL } from './vendor.js';

/*
 * The least that a gateway can be: it signs a call, passes it on and pipes the answer back. What anything else takes more
 * is the price of what it does more.
 */
const agent = new Agent({ keepAlive: true, maxSockets: 20 });

createServer((request, response) => {
  if (request.method === 'GET') {
    response.end();
    return;
  }
  const headers = { ...signHeaders(), 'Content-Length': request.headers['content-length'] };
  const call = sendRequest(`${VENDOR_URL}/sipQuery`, { method: 'POST', agent, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  call.once('error', () => response.writeHead(502).end());
  request.pipe(call);
}).listen(Number(process.env.PORT), '127.0.0.1');
