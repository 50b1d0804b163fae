import { VARIABLES } from '../src/config/parse-config.ts';
import { SAMPLE_CREDENTIALS } from '../src/sandbox/signature.ts';
import { LOAD_CORE, SERVER_CORE } from './processor.ts';
import { type ServerProcess, startServer } from './server-process.ts';

/** Apps that the upstream is asked for: enough that equal calls are never under way together. */
export const APP_IDS: readonly string[] = Array.from({ length: 200 }, (_, index) => `bench-${index}`);

/** The same for calls that the upstream answers late. */
export const SLOW_APP_IDS: readonly string[] = Array.from({ length: 200 }, (_, index) => `slow-${index}`);

/** The same for calls that the upstream answers with a row that is another each time. */
export const CHANGING_APP_IDS: readonly string[] = Array.from(
  { length: 200 },
  (_, index) => `changing-${index}`,
);

/** Who is measured, beside the gateway. Each is a file of `peers`. */
export const PEERS = ['signing-proxy', 'mercurius', 'apollo-server', 'by-the-book', 'graphql-http'] as const;

export type Peer = (typeof PEERS)[number];

/** The gateway as `npm start` has it. */
const PROGRAM = new URL('../dist/main.js', import.meta.url);

/** As `npm start` has it too: see docs/decisions/035-the-heap-grows-less.md. */
const MEMORY_SETTINGS = { NODE_OPTIONS: '--max-semi-space-size=8', MALLOC_ARENA_MAX: '1' };

const SWITCHES: readonly string[] = VARIABLES;

/** Every server of the benchmark. Only one of them is busy at a time, beside the upstream. */
export interface Fleet {
  readonly upstream: ServerProcess;
  /** The gateway with its defaults, but for keeping no rows: each page is a call. */
  readonly gateway: ServerProcess;
  /** The same, calling the vendor by undici; undefined where the gateway has no such switch. */
  readonly undiciGateway: ServerProcess | undefined;
  /** The gateway with all of its defaults: rows are kept for 2 s. */
  readonly defaultGateway: ServerProcess;
  /** The gateway keeping rows for longer than the benchmark takes. */
  readonly keepingGateway: ServerProcess;
  readonly peers: ReadonlyMap<Peer, ServerProcess>;
  stop(): Promise<void>;
}

/** @param names the peers to start. */
export async function startFleet(names: readonly Peer[]): Promise<Fleet> {
  const upstream = await startUpstream();
  const gateway = await startGateway(upstream, {});
  const undiciGateway = SWITCHES.includes('ITNIO_TRANSPORT')
    ? await startGateway(upstream, { ITNIO_TRANSPORT: 'undici' })
    : undefined;
  const defaultGateway = await startGateway(upstream, { PHONES_CACHE_TTL_MS: '' });
  const keepingGateway = await startGateway(upstream, { PHONES_CACHE_TTL_MS: '600000' });
  const peers = new Map<Peer, ServerProcess>();
  for (const name of names) peers.set(name, await startPeer(name, upstream));
  return {
    upstream,
    gateway,
    undiciGateway,
    defaultGateway,
    keepingGateway,
    peers,
    async stop() {
      await Promise.all(
        [gateway, undiciGateway, defaultGateway, keepingGateway, ...peers.values()].map((server) =>
          server?.stop(),
        ),
      );
      await upstream.stop();
    },
  };
}

export function startUpstream(): Promise<ServerProcess> {
  return startServer({ script: new URL('./upstream.ts', import.meta.url), core: LOAD_CORE, variables: {} });
}

/** Calls that have reached the upstream since it started. */
export async function readCalls(upstream: ServerProcess): Promise<number> {
  return Number(await (await fetch(`${upstream.origin}/calls`)).text());
}

export function startGateway(
  upstream: ServerProcess,
  variables: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  return startServer({
    script: PROGRAM,
    core: SERVER_CORE,
    variables: {
      ITNIO_BASE_URL: upstream.origin,
      ITNIO_API_KEY: SAMPLE_CREDENTIALS.apiKey,
      ITNIO_API_SECRET: SAMPLE_CREDENTIALS.apiSecret,
      ITNIO_APPS: [...APP_IDS, ...SLOW_APP_IDS, ...CHANGING_APP_IDS].join(','),
      PHONES_CACHE_TTL_MS: '0',
      SHUTDOWN_GRACE_MS: '0',
      ...MEMORY_SETTINGS,
      ...variables,
    },
  });
}

function startPeer(name: Peer, upstream: ServerProcess): Promise<ServerProcess> {
  return startServer({
    script: new URL(`./peers/${name}.js`, import.meta.url),
    core: SERVER_CORE,
    variables: {
      UPSTREAM_URL: upstream.origin,
      API_KEY: SAMPLE_CREDENTIALS.apiKey,
      API_SECRET: SAMPLE_CREDENTIALS.apiSecret,
    },
  });
}
