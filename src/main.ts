import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { type Logger, pino } from 'pino';
import type { Config, Upstream } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import { systemFiles } from './config/files.ts';
import { findListenAddress } from './config/host.ts';
import { readConfig } from './config/read-config.ts';
import { findErrorCode } from './domain/error-code.ts';
import { Secret } from './domain/secret.ts';
import { createGateway } from './gateway.ts';
import { createGatewayServer } from './http/server.ts';
import { type AuditSink, createFileAuditSink, createStreamAuditSink } from './plugins/audit-sink.ts';
import { createSandbox, type Sandbox } from './sandbox/sandbox.ts';

/** Runs the gateway until a signal ends it: environment → config → sandbox, if need be → listen → drain. */
async function main(): Promise<void> {
  assertNoArguments(process.argv.slice(2));
  const config = readConfig(process.env, systemFiles);
  const listenAddress = await findListenAddress(config, async (name) => (await lookup(name)).address);
  const log = createLog(config.logLevel);
  const auditSink = await createAuditSink(config.auditLog);
  const { upstream, sandbox } = await findUpstream(config);
  const gateway = createGateway({ config, upstream, log, auditSink });
  const server = createGatewayServer({
    gateway,
    corsOrigins: config.corsOrigins,
    loopbackNamesOnly: config.loopbackNamesOnly,
    graphiql: config.graphiql,
    shutdownGraceMs: config.shutdownGraceMs,
    randomId: () => randomUUID(),
  });

  const origin = await server.listen(config.port, listenAddress);

  async function shutDown(signal: string): Promise<void> {
    log.info({ signal }, 'Draining.');
    await server.drain();
    await gateway.dispose();
    await sandbox?.close();
    log.info({}, 'Stopped.');
    process.exit(0);
  }
  // A process group and npm can each deliver the signal: the first one counts, the others change nothing.
  let isStopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      void shutDown(signal);
    });

  log.info({ origin, sandbox: sandbox !== undefined, apps: upstream.apps }, 'Listening.');
  // For whoever started it by hand; the log on standard output stays JSON.
  process.stderr.write(describeStart(config, origin));
}

/** An argument that nobody reads would be a setting lost. */
function assertNoArguments([argument]: readonly string[]): void {
  if (argument === undefined) return;
  process.stderr.write(
    `There is no argument "${argument}".\nUsage: npm start. Everything is set by variables, such as PORT=4000, or in a file .env: see the README.\n`,
  );
  process.exit(2);
}

/** Longest time that a line of the log waits for others to leave with, in milliseconds. */
const LOG_DELAY_MS = 100;
/** How much waits at most, in bytes: some twenty lines. */
const LOG_CHUNK_BYTES = 4096;
/** How much is held while none can be written, in bytes; what comes then is lost. */
const LOG_BACKLOG_BYTES = 1024 * 1024;

/**
 * Writes lines together, since a system call for each would cost more than all else of it; at an exit none is left
 * behind. A log that cannot be written ends nothing.
 */
function createLog(level: string): Logger {
  const output = pino.destination({
    dest: process.stdout.fd,
    sync: true,
    minLength: LOG_CHUNK_BYTES,
    periodicFlush: LOG_DELAY_MS,
    maxLength: LOG_BACKLOG_BYTES,
  });
  // Whoever has left one often has left both.
  process.stderr.on('error', () => undefined);
  let isReported = false;
  output.on('error', ({ code, name }: NodeJS.ErrnoException) => {
    if (isReported) return;
    isReported = true;
    process.stderr.write(`The log cannot be written: ${code ?? name}\n`);
  });
  process.on('exit', () => output.flush());
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, output);
}

async function createAuditSink(path: string | undefined): Promise<AuditSink> {
  if (path === undefined) return createStreamAuditSink(process.stdout);
  const sink = createFileAuditSink(path);
  try {
    // Rather no start than passwords refused later.
    await sink.write([]);
  } catch (error) {
    throw new ConfigError([`AUDIT_LOG: the file cannot be written (${findErrorCode(error)})`]);
  }
  return sink;
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
  const door = config.graphiql ? `GraphiQL is at ${origin}/graphql` : `GraphQL is at ${origin}/graphql`;
  if (config.upstream !== undefined) return `${door}\n`;
  return `This is the sandbox: no credentials are configured, so all phones are made up. ${door}\n`;
}

/** Says in a line what kept the process from starting, where that is for its operator to mend. */
function describeFailure(error: unknown): string | undefined {
  if (error instanceof ConfigError) return error.message;
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

try {
  await main();
} catch (error) {
  const line = describeFailure(error);
  if (line === undefined) throw error;
  process.stderr.write(`${line}\n`);
  process.exit(1);
}
