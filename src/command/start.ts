import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { setFlagsFromString } from 'node:v8';
import manifest from '../../package.json' with { type: 'json' };
import type { Config, Upstream } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { systemFiles } from '../config/files.ts';
import { findListenAddress } from '../config/host.ts';
import { findPasswordsOverHttp } from '../config/passwords-over-http.ts';
import { readConfigSource } from '../config/read-config.ts';
import { createSettings, type Settings } from '../config/settings.ts';
import type { VariableRecord } from '../config/variables.ts';
import { findErrorCode } from '../domain/error-code.ts';
import type { Log } from '../domain/log.ts';
import { Secret } from '../domain/secret.ts';
import { assertTrustedDocuments, createGateway } from '../gateway.ts';
import { createGatewayServer } from '../http/server.ts';
import { endProcess } from '../output/end-process.ts';
import { createMetrics, type Metrics } from '../output/metrics.ts';
import { createMetricsServer } from '../output/metrics-server.ts';
import { AuditLogError, openProcessOutputs, type ProcessOutputs } from '../output/process-outputs.ts';
import { ERROR_CODES } from '../pipeline/severity.ts';
import { createSandbox, type Sandbox } from '../sandbox/sandbox.ts';
import { warnOfExpiredTokens } from './expired-tokens.ts';
import { createReload } from './reload.ts';
import type { EndReason, Signals } from './signals.ts';
import { warnOfPasswordsOverHttp } from './warn-of-passwords.ts';

/** How long the last lines may take to leave, in milliseconds: their reader may have stalled. */
const FLUSH_MS = 200;

/**
 * How far the heap may grow beyond what is alive in it before it is collected, in percent. V8 would let it grow to several times
 * as much: some 30 MB are alive under load.
 * @see docs/decisions/035-the-heap-grows-less.md
 */
const HEAP_GROWTH_PERCENT = 60;

/** Runs the gateway until a signal ends it: configuration → sandbox, if need be → listen → drain. */
export async function startGateway(environment: VariableRecord, signals: Signals): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
  try {
    await start(environment, signals);
  } catch (error) {
    const line = describeFailure(error);
    if (line === undefined) throw error;
    process.stderr.write(`${line}\n`);
    await endProcess(1);
  }
}

async function start(environment: VariableRecord, signals: Signals): Promise<void> {
  const started = readConfigSource(environment, systemFiles);
  const { config } = started;
  assertTrustedDocuments(config);
  const listenAddress = await findListenAddress(config, async (name) => (await lookup(name)).address);
  findPasswordsOverHttp(config, listenAddress);
  const outputs = await openProcessOutputs(config);
  const { log, auditSink, setLogLevel, flush } = outputs;
  const { upstream, sandbox } = await findUpstream(config);
  const settings = createSettings(config);
  const metrics = config.metricsPort === undefined ? undefined : await loadMetrics(settings, outputs);
  const gateway = createGateway({ settings, upstream, log, auditSink, metrics });
  const server = createGatewayServer({
    settings,
    gateway,
    randomId: () => randomUUID(),
    log,
    metrics,
  });
  const metricsServer = metrics && createMetricsServer(metrics);

  const metricsUrl = await metricsServer?.listen(config.metricsPort ?? 0, listenAddress);
  const origin = await server.listen(config.port, listenAddress);

  async function shutDown(reason: EndReason): Promise<void> {
    logEnd(reason, log);
    await server.drain();
    await gateway.dispose();
    await sandbox?.close();
    metricsServer?.close();
    log.info({}, 'Stopped.');
    await flush(FLUSH_MS);
    await endProcess('bug' in reason ? 1 : 0);
  }
  signals.handle({
    end: (reason) => void shutDown(reason),
    reload: createReload({
      environment,
      started,
      settings,
      listenAddress,
      log,
      setLogLevel,
      renewCertificate: server.renewCertificate,
      noteConfig: (isValid) => metrics?.noteConfig(isValid),
    }),
  });

  log.info(
    { origin, metrics: metricsUrl, sandbox: sandbox !== undefined, apps: upstream.apps },
    'Listening.',
  );
  warnOfExpiredTokens(config, log);
  warnOfPasswordsOverHttp(config, listenAddress, log);
  // For whoever started it by hand; the log on standard output stays JSON.
  process.stderr.write(describeStart(config, origin));
}

/** The package is loaded only where something is to be counted. */
async function loadMetrics(
  settings: Settings,
  { droppedLogLines }: Pick<ProcessOutputs, 'droppedLogLines'>,
): Promise<Metrics> {
  const names = settings.derive(({ callers }) => new Set(callers.map(({ name }) => name)));
  return createMetrics(await import('prom-client'), {
    version: manifest.version,
    errorCodes: ERROR_CODES,
    callers: names,
    droppedLogLines,
  });
}

function logEnd(reason: EndReason, log: Log): void {
  if ('signal' in reason) log.info(reason, 'Draining.');
  else {
    const { bug } = reason;
    log.error(
      bug instanceof Error ? { fault: bug.name, stack: bug.stack } : { fault: typeof bug },
      'Bug. The process drains and ends.',
    );
  }
}

async function findUpstream(config: Config): Promise<{ upstream: Upstream; sandbox?: Sandbox }> {
  if (config.upstream !== undefined) return { upstream: config.upstream };
  const sandbox = createSandbox();
  await sandbox.listen();
  const { baseUrl, apps, credentials } = sandbox;
  const apiKey = new Secret(credentials.apiKey);
  const apiSecret = new Secret(credentials.apiSecret);
  return { upstream: { baseUrl, apiKey, apiSecret, apps }, sandbox };
}

function describeStart(config: Config, origin: string): string {
  const page = config.browsePage ? `A page to look at phones with is at ${origin}/\n` : '';
  const door = config.graphiql ? `GraphiQL is at ${origin}/graphql` : `GraphQL is at ${origin}/graphql`;
  if (config.upstream !== undefined) return `${page}${door}\n`;
  return `This is the sandbox: no credentials are configured, so all phones are made up.\n${page}${door}\n`;
}

/** Says in a line what kept the process from starting, where its operator can fix that. */
function describeFailure(error: unknown): string | undefined {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof AuditLogError) return new ConfigError([`AUDIT_LOG: ${error.message}`]).message;
  if (!(error instanceof Error)) return undefined;
  switch (findErrorCode(error)) {
    case 'EADDRINUSE':
      return `The port is taken: ${error.message}`;
    case 'EACCES':
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The address cannot be used: ${error.message}`;
    default:
      return undefined;
  }
}
