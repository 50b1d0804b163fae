import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Config, Upstream } from '../config/config.ts';
import { systemFiles } from '../config/files.ts';
import { readConfig } from '../config/read-config.ts';
import type { VariableRecord } from '../config/variables.ts';
import { systemClock } from '../domain/clock.ts';
import { findErrorCode } from '../domain/error-code.ts';
import type { Phone } from '../domain/phone.ts';
import { Secret } from '../domain/secret.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { ExportOptionError, type ExportOptions, parseExportOptions } from '../export/export-options.ts';
import { writePhones } from '../export/export-phones.ts';
import { readWholeList } from '../export/read-whole-list.ts';
import { findPathFault, writeWholeFile } from '../export/write-file.ts';
import { createItnioClient } from '../itnio/client.ts';
import { createAuditSink } from '../output/audit-sink.ts';
import { createFileOutput } from '../output/file-output.ts';
import { createLineWriter } from '../output/line-writer.ts';
import { runAtOnce } from '../paging/sort-in-slices.ts';
import { DEFAULT_APPS } from '../sandbox/apps.ts';
import { createSandbox } from '../sandbox/sandbox.ts';
import { type CommandInput, type ExitCode, UsageError } from './command.ts';

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const SILENT_OBSERVER = { onAttempt() {}, onChange() {} };
/** How long the record of an export with passwords may take to be written, in milliseconds. */
const AUDIT_MS = 5_000;
/** Characters that are written at a time. */
const CHUNK_LENGTH = 64 * 1024;

/** Reads an app's list whole and writes it to a file, or to standard output: all of it, or nothing. */
export async function runExport(
  values: CommandInput['values'],
  environment: VariableRecord,
): Promise<ExitCode> {
  const options = readOptions(values);
  const config = readConfig(environment, systemFiles);
  assertServed(options, config);
  if (options.passwords) assertPasswordsMayLeave(options, config);
  assertWritable(options);
  const { upstream, close } = await openUpstream(config);
  const client = createItnioClient({
    ...upstream,
    transport: config.itnioTransport,
    proxyUrl: config.proxyUrl,
    observer: SILENT_OBSERVER,
  });
  const showsProgress = process.stderr.isTTY === true;
  try {
    const { list, passwords } = await readWholeList(options.appId, {
      client,
      clock: systemClock,
      log: SILENT,
      maxCalls: config.listMaxCalls,
      callTimeoutMs: config.requestTimeoutMs,
      onProgress(calls, total) {
        if (showsProgress) process.stderr.write(`\r${calls} calls, ${total} phones`);
      },
    });
    if (showsProgress) process.stderr.write('\n');
    const ordered = runAtOnce(list.listing.list(options.filter, { field: 'account', direction: 'asc' }));
    const phones = Array.from({ length: ordered.length }, (_, at) => ordered.at(at)).filter(
      (phone) => phone !== undefined,
    );
    // A wrong id and an app without phones have one answer of the vendor.
    if (list.listing.phones.length === 0)
      process.stderr.write(`App ${options.appId} has no phones, or the vendor does not know it.\n`);
    if (options.passwords) await writeAudit(options.appId, phones, config);
    const text = writePhones(phones, options.format, options.passwords ? passwords : undefined);
    if (options.out === undefined) await writeToStdout(inChunks(text));
    else writeWholeFile(options.out, inChunks(text));
    return 0;
  } catch (error) {
    if (showsProgress) process.stderr.write('\n');
    process.stderr.write(`Nothing was exported: ${describe(error, options)}\n`);
    if (error instanceof GatewayError && /^UPSTREAM_(?!INCONSISTENT)/.test(error.code))
      process.stderr.write('itnio-gateway doctor says what is wrong and who can fix it.\n');
    return 1;
  } finally {
    client.close();
    await close();
  }
}

function readOptions(values: CommandInput['values']): ExportOptions {
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  try {
    return parseExportOptions({
      app: text('app'),
      format: text('format'),
      filter: text('filter'),
      out: text('out'),
      passwords: values['passwords'] === true,
    });
  } catch (error) {
    if (error instanceof ExportOptionError || error instanceof GatewayError)
      throw new UsageError(error.message);
    throw error;
  }
}

function assertServed({ appId }: ExportOptions, { upstream }: Config): void {
  const apps = upstream?.apps ?? DEFAULT_APPS;
  if (apps === 'any' || apps.some((app) => app.appId === appId)) return;
  const served = apps.map((app) => app.appId).join(', ');
  throw new UsageError(
    `--app: "${appId}" is not served here; ${served} ${apps.length === 1 ? 'is' : 'are'}.`,
  );
}

function assertPasswordsMayLeave({ out }: ExportOptions, { passwords }: Config): void {
  if (!passwords) throw new UsageError('--passwords: PASSWORDS=off leaves no password out.');
  if (out === undefined && process.stdout.isTTY === true)
    throw new UsageError('--passwords: passwords are not shown on a terminal; use --out FILE or a pipe.');
}

function assertWritable({ out }: ExportOptions): void {
  const fault = out === undefined ? undefined : findPathFault(out);
  if (fault !== undefined) throw new UsageError(`--out: ${fault}.`);
}

/** The configured account; without one a sandbox, as the gateway does it. */
async function openUpstream({ upstream }: Config): Promise<{
  upstream: Pick<Upstream, 'baseUrl' | 'apiKey' | 'apiSecret'>;
  close(): Promise<void>;
}> {
  if (upstream !== undefined) return { upstream, close: async () => undefined };
  const sandbox = createSandbox();
  await sandbox.listen();
  const { baseUrl, credentials } = sandbox;
  const apiKey = new Secret(credentials.apiKey);
  const apiSecret = new Secret(credentials.apiSecret);
  return { upstream: { baseUrl, apiKey, apiSecret }, close: sandbox.close };
}

/** One record for the export. Without AUDIT_LOG it goes to standard error: standard output is for the phones. */
async function writeAudit(appId: string, phones: readonly Phone[], config: Config): Promise<void> {
  const { auditLog, auditFsync } = config;
  const writer =
    auditLog === undefined
      ? { write: async (lines: string) => void writeSync(process.stderr.fd, lines) }
      : createLineWriter({ output: createFileOutput(auditLog, auditFsync), clock: systemClock });
  const accounts = phones.map(({ account }) => account);
  await createAuditSink({ writer, randomId: randomUUID }).write(
    [
      {
        time: new Date().toISOString(),
        requestId: randomUUID(),
        clientRequestId: undefined,
        trace_id: undefined,
        clientAddress: '',
        caller: 'export',
        token: undefined,
        appId,
        accounts,
        read: accounts,
        failed: [],
        refused: [],
      },
    ],
    performance.now() + AUDIT_MS,
  );
}

function* inChunks(texts: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const text of texts) {
    chunk += text;
    if (chunk.length < CHUNK_LENGTH) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

/** Whoever reads along may have seen enough: that is no failure. */
async function writeToStdout(chunks: Iterable<string>): Promise<void> {
  for (const chunk of chunks) {
    const bytes = Buffer.from(chunk);
    for (let at = 0; at < bytes.length; ) {
      try {
        at += writeSync(process.stdout.fd, bytes, at);
      } catch (error) {
        if (findErrorCode(error) === 'EPIPE') return;
        if (findErrorCode(error) !== 'EAGAIN') throw error;
        await wait(5);
      }
    }
  }
}

function describe(error: unknown, { out }: ExportOptions): string {
  const code = findErrorCode(error);
  if (error instanceof GatewayError) return `${error.message} (${error.code})`;
  if (code !== undefined && out !== undefined) return `${out} cannot be written (${code}).`;
  throw error;
}
