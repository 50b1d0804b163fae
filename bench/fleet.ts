import { SAMPLE_CREDENTIALS } from '../src/sandbox/signature.ts';
import { LOAD_CORE, SERVER_CORE } from './processor.ts';
import { type ServerProcess, startServer } from './server-process.ts';

/** Apps that the upstream is asked for: enough that equal calls are never under way together. */
export const APP_IDS: readonly string[] = Array.from({ length: 200 }, (_, index) => `bench-${index}`);

/** Every server of the benchmark. Only one of them is busy at a time, beside the upstream. */
export interface Fleet {
  readonly upstream: ServerProcess;
  readonly proxy: ServerProcess;
  readonly byTheBook: ServerProcess;
  /** The gateway with its defaults, but for keeping no rows: each page is a call. */
  readonly gateway: ServerProcess;
  /** The gateway keeping rows for longer than the benchmark takes. */
  readonly keepingGateway: ServerProcess;
  stop(): Promise<void>;
}

export async function startFleet(): Promise<Fleet> {
  const upstream = await startUpstream();
  const [proxy, byTheBook, gateway, keepingGateway] = await Promise.all([
    startPeer('signing-proxy', upstream),
    startPeer('by-the-book', upstream),
    startGateway(upstream, 0),
    startGateway(upstream, 600_000),
  ]);
  return {
    upstream,
    proxy,
    byTheBook,
    gateway,
    keepingGateway,
    async stop() {
      await Promise.all([proxy, byTheBook, gateway, keepingGateway].map((server) => server.stop()));
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

export function startGateway(upstream: ServerProcess, keepMs: number): Promise<ServerProcess> {
  return startServer({
    script: new URL('../src/main.ts', import.meta.url),
    core: SERVER_CORE,
    variables: {
      ITNIO_BASE_URL: upstream.origin,
      ITNIO_API_KEY: SAMPLE_CREDENTIALS.apiKey,
      ITNIO_API_SECRET: SAMPLE_CREDENTIALS.apiSecret,
      ITNIO_APPS: APP_IDS.join(','),
      PHONES_CACHE_TTL_MS: String(keepMs),
      SHUTDOWN_GRACE_MS: '0',
    },
  });
}

function startPeer(name: 'signing-proxy' | 'by-the-book', upstream: ServerProcess): Promise<ServerProcess> {
  return startServer({
    script: new URL(`./peers/${name}.ts`, import.meta.url),
    core: SERVER_CORE,
    variables: {
      UPSTREAM_URL: upstream.origin,
      API_KEY: SAMPLE_CREDENTIALS.apiKey,
      API_SECRET: SAMPLE_CREDENTIALS.apiSecret,
    },
  });
}
