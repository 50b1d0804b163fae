import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import type { Config, Upstream } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import { systemFiles } from './config/files.ts';
import { findListenAddress } from './config/host.ts';
import { readConfig } from './config/read-config.ts';
import { findErrorCode } from './domain/error-code.ts';
import { Secret } from './domain/secret.ts';
import { createGateway } from './gateway.ts';
import { createGatewayServer } from './http/server.ts';
import { endProcess } from './output/end-process.ts';
import { AuditLogError, openProcessOutputs } from './output/process-outputs.ts';
import { createSandbox, type Sandbox } from './sandbox/sandbox.ts';

/** How long the last lines may take to leave, in milliseconds: their reader may have stalled. */
const FLUSH_MS = 200;

/** Runs the gateway until a signal ends it: environment → config → sandbox, if need be → listen → drain. */
async function main(): Promise<void> {
  assertNoArguments(process.argv.slice(2));
  const config = readConfig(process.env, systemFiles);
  const listenAddress = await findListenAddress(config, async (name) => (await lookup(name)).address);
  const { log, auditSink, flush } = await openProcessOutputs(config);
  const { upstream, sandbox } = await findUpstream(config);
  const gateway = createGateway({ config, upstream, log, auditSink });
  const server = createGatewayServer({
    gateway,
    corsOrigins: config.corsOrigins,
    loopbackNamesOnly: config.loopbackNamesOnly,
    graphiql: config.graphiql,
    shutdownGraceMs: config.shutdownGraceMs,
    randomId: () => randomUUID(),
    log,
  });

  const origin = await server.listen(config.port, listenAddress);

  async function shutDown(signal: string): Promise<void> {
    log.info({ signal }, 'Draining.');
    await server.drain();
    await gateway.dispose();
    await sandbox?.close();
    log.info({}, 'Stopped.');
    await flush(FLUSH_MS);
    await endProcess(0);
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

try {
  await main();
} catch (error) {
  const line = describeFailure(error);
  if (line === undefined) throw error;
  process.stderr.write(`${line}\n`);
  await endProcess(1);
}
