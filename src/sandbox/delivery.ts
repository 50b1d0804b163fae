import type { ServerResponse } from 'node:http';
import type { Reply } from './reply.ts';

/** Time between two bytes of a trickle: any idle timer is content, only a timer for the whole answer is not. */
const TRICKLE_INTERVAL_MS = 100;

/** Time between half of a body and the reset behind it. */
const RESET_DELAY_MS = 20;

/** Sends a reply, or breaks off sending it in the way that its delivery says. */
export function deliver(response: ServerResponse, reply: Reply, headers: Reply['headers']): void {
  const { httpStatus, body, delivery } = reply;
  if (delivery === 'hang') return;
  if (delivery === 'resetBeforeHeaders') {
    response.socket?.resetAndDestroy();
    return;
  }
  if (delivery === 'closeBeforeHeaders') {
    response.socket?.destroySoon();
    return;
  }
  // Neither length nor chunks: only the closed connection says where the body ends.
  if (delivery === 'truncatedWithoutLength') response.useChunkedEncodingByDefault = false;
  response.writeHead(httpStatus, headers);
  switch (delivery) {
    case 'whole':
    case 'chunked':
      response.end(body);
      return;
    case 'resetMidBody':
      response.write(takeHalf(body), () => resetLater(response));
      return;
    case 'truncated':
    case 'truncatedChunks':
    case 'truncatedWithoutLength':
      response.write(takeHalf(body), () => response.socket?.destroySoon());
      return;
    case 'hangMidBody':
      response.write(takeHalf(body));
      return;
    case 'trickle':
      trickle(response, Buffer.from(body));
  }
}

/** Resets when the client has had time to read: a reset overtakes and discards what is still on its way. */
function resetLater(response: ServerResponse): void {
  const timer = setTimeout(() => response.socket?.resetAndDestroy(), RESET_DELAY_MS);
  response.once('close', () => clearTimeout(timer));
}

/** Whether it is the sandbox that hangs up on its client. */
export function hangsUp({ delivery }: Reply): boolean {
  return /^(reset|close|truncated)/.test(delivery);
}

function takeHalf(body: string | Buffer): Buffer {
  const bytes = Buffer.from(body);
  return bytes.subarray(0, bytes.length >> 1);
}

function trickle(response: ServerResponse, bytes: Buffer): void {
  let sent = 0;
  const timer = setInterval(() => {
    response.write(bytes.subarray(sent, sent + 1));
    sent += 1;
    if (sent >= bytes.length) response.end();
  }, TRICKLE_INTERVAL_MS);
  response.once('close', () => clearInterval(timer));
}
