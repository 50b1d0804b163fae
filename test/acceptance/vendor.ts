import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** How the vendor behaves from now on. `dark` takes connections and says nothing. */
export type VendorMode = 'well' | 'refused' | 'reset' | 'dark';

/** What the process that runs the acceptance tells this one. */
export type VendorOrder =
  | { readonly kind: 'behave'; readonly mode: VendorMode; readonly callsPerSecond: number }
  | { readonly kind: 'count' };

/** What it is told back: where the vendor listens, and what reached it since the last count. */
export type VendorReport =
  | { readonly kind: 'listening'; readonly port: number }
  | {
      readonly kind: 'counted';
      readonly arrived: number;
      readonly answered: number;
      readonly connected: number;
    };

const TOTAL = 1000;

interface Waiting {
  readonly response: ServerResponse;
  readonly body: string;
}

/*
 * A vendor that is worth so many calls a second: calls are worked off one after the other, each takes its share of a second,
 * and one whose client has left takes none. Signatures are not looked at: this measures the gateway, not the vendor.
 */
let mode: VendorMode = 'well';
let gapMs = 1;
let freeAt = 0;
let isWorking = false;
const queue: Waiting[] = [];
let counts = { arrived: 0, answered: 0, connected: 0 };
const sockets = new Set<Socket>();

const server = createServer((request, response) => {
  if (mode === 'reset') return void request.socket.resetAndDestroy();
  if (mode === 'dark') return;
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    counts.arrived += 1;
    queue.push({ response, body: Buffer.concat(chunks).toString() });
    work();
  });
});
server.on('connection', (socket) => {
  counts.connected += 1;
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  socket.on('error', () => undefined);
});

/** Works the queue off: a call takes its share of a second, one whose client has left takes none. */
function work(): void {
  if (isWorking) return;
  const next = takeNext();
  if (next === undefined) return;
  isWorking = true;
  freeAt = Math.max(performance.now(), freeAt) + gapMs;
  setTimeout(() => {
    isWorking = false;
    answer(next);
    work();
  }, freeAt - performance.now());
}

function takeNext(): Waiting | undefined {
  for (let next = queue.shift(); next !== undefined; next = queue.shift())
    if (!next.response.destroyed && !next.response.socket?.destroyed) return next;
  return undefined;
}

function answer({ response, body }: Waiting): void {
  if (response.socket?.destroyed) return;
  counts.answered += 1;
  const text = JSON.stringify({ status: '0', reason: ' success', data: createPage(JSON.parse(body)) });
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

interface Query {
  readonly current: number;
  readonly size: number;
  readonly params: { readonly appId: string };
}

function createPage({ current, size, params: { appId } }: Query) {
  const start = (current - 1) * size;
  const records = Array.from({ length: Math.max(0, Math.min(size, TOTAL - start)) }, (_, index) => ({
    account: `${appId}_${start + index}`,
    phoneName: `phone ${start + index}`,
    groupName: 'group',
    displayNum: '861000000',
    password: 'not one',
  }));
  return { total: TOTAL, size, current, pages: Math.ceil(TOTAL / size), records };
}

function listen(port: number): void {
  server.listen(port, '127.0.0.1', () => tell({ kind: 'listening', port: portOf() }));
}

let port = 0;
function portOf(): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new TypeError('The vendor listens on no port.');
  port = (address satisfies AddressInfo).port;
  return port;
}

function tell(report: VendorReport): void {
  process.send?.(report);
}

process.on('message', (order: VendorOrder) => {
  if (order.kind === 'count') {
    tell({ kind: 'counted', ...counts });
    counts = { arrived: 0, answered: 0, connected: 0 };
    return;
  }
  const wasListening = mode !== 'refused';
  mode = order.mode;
  gapMs = 1000 / order.callsPerSecond;
  freeAt = 0;
  queue.length = 0;
  if (mode !== 'well') for (const socket of sockets) socket.destroy();
  if (mode === 'refused' && wasListening) server.close();
  if (mode !== 'refused' && !wasListening) listen(port);
});
process.on('disconnect', () => process.exit());

listen(0);
