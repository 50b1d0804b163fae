import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSipLists, DEFAULT_APPS, type SandboxApp, type SandboxAppContent } from './apps.ts';
import { type CallLog, createCallLog } from './call-log.ts';
import { type Control, createControl } from './control.ts';
import { CONTROL_PATH, createControlEndpoint } from './control-endpoint.ts';
import { createDrift } from './drift.ts';
import { createFailureQueue } from './failure-queue.ts';
import { assertQuirks, NO_QUIRKS, type Quirks } from './quirks.ts';
import { createRandom, hashText } from './random.ts';
import { createSchedule } from './schedule.ts';
import { type Credentials, SAMPLE_CREDENTIALS } from './signature.ts';
import { createSipEndpoint } from './sip-endpoint.ts';

export interface SandboxOptions {
  /** The same seed gives the same bytes. Default `itnio`. */
  readonly seed?: string;
  /** Default: those of the vendor's published sample. */
  readonly credentials?: Credentials;
  /** Default: the vendor's sample app, and apps of 0, 1, 100, 101 and 10,000 phones. */
  readonly apps?: readonly SandboxAppContent[];
  /** What it starts with, and goes back to on a reset. Default: none. */
  readonly quirks?: Partial<Quirks>;
  /** Milliseconds since the epoch. Default: the system's clock. */
  readonly now?: () => number;
}

interface ListenOptions {
  /** Default 0: any that is free. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
}

/** A stand-in of the vendor's voice API that can be talked to over HTTP as the vendor can, with phones of nobody. */
export interface Sandbox {
  /** What it serves, in order, for a gateway that was given no configuration. */
  readonly apps: readonly SandboxApp[];
  readonly credentials: Credentials;
  /** Where the API is, such as `http://127.0.0.1:4100/voice`. @throws {Error} unless it is listening. */
  readonly baseUrl: string;
  /** Where the control interface is, over HTTP. @throws {Error} unless it is listening. */
  readonly controlUrl: string;
  readonly control: Control;
  readonly calls: CallLog;
  /** Resolves when the first call can be made. Rejects when the port is taken. */
  listen(options?: ListenOptions): Promise<void>;
  /** Ends every connection, calls in flight included, and frees the port. */
  close(): Promise<void>;
}

const BASE_PATH = '/voice';

/** As long as a gateway in front of the vendor may keep a socket, in milliseconds. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const { seed = 'itnio', credentials = SAMPLE_CREDENTIALS, apps = DEFAULT_APPS } = options;
  const { quirks = {}, now = Date.now } = options;
  assertQuirks(quirks);
  const lists = createSipLists(apps, seed);
  const failures = createFailureQueue(createRandom(hashText(seed)));
  const schedule = createSchedule();
  const calls = createCallLog();
  const control = createControl({ lists, failures, schedule, initialQuirks: { ...NO_QUIRKS, ...quirks } });
  const getQuirks = () => control.quirks;
  const answerCall = createSipEndpoint({
    credentials,
    lists,
    getQuirks,
    failures,
    schedule,
    drift: createDrift(createRandom(hashText(`${seed}/drift`)), now),
    calls,
    now,
  });
  const answerControl = createControlEndpoint(control, calls);

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS }, (request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    // The last resort: what cannot be answered ends its connection, and not the process.
    const hangUp = (error: unknown) => {
      response.destroy();
      process.emitWarning(`The sandbox could not answer: ${error instanceof Error ? error.message : error}`);
    };
    if (path === `${BASE_PATH}/sipQuery`) answerCall(request, response).catch(hangUp);
    else if (path.startsWith(CONTROL_PATH)) answerControl(request, response).catch(hangUp);
    else response.writeHead(404).end();
  });
  server.on('connection', calls.connected);

  return {
    apps: apps.map(({ appId, name }) => ({ appId, name })),
    credentials,
    get baseUrl() {
      return getOrigin(server) + BASE_PATH;
    },
    get controlUrl() {
      return getOrigin(server) + CONTROL_PATH;
    },
    control,
    calls,
    listen({ port = 0, host = '127.0.0.1' } = {}) {
      return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve();
        });
      });
    },
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function getOrigin(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The sandbox is not listening.');
  return `http://${formatHost(address)}:${address.port}`;
}

function formatHost({ address, family }: AddressInfo): string {
  return family === 'IPv6' ? `[${address}]` : address;
}
