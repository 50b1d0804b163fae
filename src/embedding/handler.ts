import { randomUUID } from 'node:crypto';
import type { Config, Upstream } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { systemFiles } from '../config/files.ts';
import { parseConfig } from '../config/parse-config.ts';
import { createSettings } from '../config/settings.ts';
import type { VariableRecord } from '../config/variables.ts';
import type { RequestInfo } from '../context.ts';
import { Canceller, type CancelSignal } from '../domain/cancel.ts';
import type { Log } from '../domain/log.ts';
import { Secret } from '../domain/secret.ts';
import { ClientGoneError } from '../errors/request-errors.ts';
import { assertTrustedDocuments, createGateway, type Gateway } from '../gateway.ts';
import { createHostCheck } from '../http/host.ts';
import type { AuditRecord } from '../output/audit-sink.ts';
import type { Answer } from '../pipeline/answer.ts';
import { decodeJson, parseOperationParams } from '../pipeline/operation-params.ts';
import { assertNoWebSocket, assertRequestSyntax } from '../pipeline/request-syntax.ts';
import { createSandbox, type Sandbox } from '../sandbox/sandbox.ts';
import { readRequestBody } from './read-body.ts';

export interface HandlerOptions {
  /** Where lines of the log go; pino's loggers fit. Defaults to nowhere. */
  readonly log?: Log;
  /**
   * Writes down who has asked for which passwords; an answer with passwords leaves when it has resolved, and fails when it
   * rejects. Required where a vendor account is configured and `PASSWORDS` is not off.
   */
  readonly writeAudit?: (records: readonly AuditRecord[]) => Promise<void>;
}

/** Who sends a request, as far as the server knows that it came to. */
export interface RequestOrigin {
  /** Defaults to `unknown`. */
  readonly clientAddress?: string;
}

/** Answers a request for GraphQL, whatever its path. Never rejects. */
export interface Handler {
  (request: Request, origin?: RequestOrigin): Promise<Response>;
  /** Frees what it holds. Requests in flight are to be waited for before. */
  close(): Promise<void>;
}

/** The gateway, opened: with the sandbox that it has started, if any. */
interface Opened {
  readonly gateway: Gateway;
  readonly sandbox: Sandbox | undefined;
}

const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Creates the gateway for a server of one's own. Until the first request it starts no timer and opens nothing. Limits on
 * connections, waiting rooms, CORS and pages are the server's.
 * @param variables what would be the environment, such as `{ ITNIO_APPS: '4luaKsL2', … }`. Those of a server, such as PORT, play no part.
 * @throws {ConfigError} listing every mistake.
 */
export function createHandler(variables: VariableRecord, options: HandlerOptions = {}): Handler {
  const config = parseConfig(variables, systemFiles.read);
  assertTrustedDocuments(config);
  const { log = SILENT, writeAudit } = options;
  if (config.upstream !== undefined && config.passwords && writeAudit === undefined)
    throw new ConfigError(['PASSWORDS: set it to off, or give writeAudit, which writes down who reads them']);
  const checkHost = createHostCheck(() => config.loopbackNamesOnly);
  let opened: Promise<Opened> | undefined;

  async function open(): Promise<Opened> {
    const { upstream, sandbox } = await findUpstream(config);
    const auditSink = { write: async (records: readonly AuditRecord[]) => writeAudit?.(records) };
    return {
      gateway: createGateway({ settings: createSettings(config), upstream, log, auditSink }),
      sandbox,
    };
  }

  async function answer(gateway: Gateway, request: Request, info: RequestInfo): Promise<Answer | Response> {
    const header = (name: string) => request.headers.get(name);
    checkHost(header('host') ?? new URL(request.url).host);
    assertNoWebSocket(header);
    const caller = await gateway.identify(info);
    info.caller = caller;
    assertRequestSyntax(request.method, header, config.corsOrigins);
    if (request.method === 'GET') return gateway.fetch(atGraphQL(request), info);
    const body = await readRequestBody(request, gateway.findBodyLimit(caller), config.requestTimeoutMs);
    return gateway.answer(parseOperationParams(decodeJson(body)), info);
  }

  async function handle(
    request: Request,
    { clientAddress = 'unknown' }: RequestOrigin = {},
  ): Promise<Response> {
    opened ??= open();
    const { gateway } = await opened;
    const gone = new Canceller();
    const onAbort = () => gone.abort(new ClientGoneError());
    request.signal.addEventListener('abort', onAbort);
    if (request.signal.aborted) onAbort();
    const info = readInfo(request, clientAddress, gone);
    try {
      return toResponse(await answer(gateway, request, info));
    } catch (error) {
      return toResponse(gateway.refuse(error, info));
    } finally {
      request.signal.removeEventListener('abort', onAbort);
    }
  }

  return Object.assign(handle, {
    async close() {
      const { gateway, sandbox } = (await opened) ?? {};
      await gateway?.dispose();
      await sandbox?.close();
    },
  });
}

async function findUpstream(config: Config): Promise<{ upstream: Upstream; sandbox: Sandbox | undefined }> {
  if (config.upstream !== undefined) return { upstream: config.upstream, sandbox: undefined };
  const sandbox = createSandbox();
  await sandbox.listen();
  const { baseUrl, apps, credentials } = sandbox;
  const apiKey = new Secret(credentials.apiKey);
  const apiSecret = new Secret(credentials.apiSecret);
  return { upstream: { baseUrl, apps, apiKey, apiSecret }, sandbox };
}

/** Wherever the server has it, for Yoga it is at one path. */
function atGraphQL({ url, headers }: Request): Request {
  return new Request(`http://gateway/graphql${new URL(url).search}`, { headers });
}

function readInfo({ headers }: Request, clientAddress: string, signal: CancelSignal): RequestInfo {
  const secret = (name: string) => {
    const value = headers.get(name);
    return value === null ? undefined : new Secret(value);
  };
  const clientRequestId = headers.get('x-request-id') ?? '';
  return {
    requestId: randomUUID(),
    clientRequestId: /^[\w.:-]{1,64}$/.test(clientRequestId) ? clientRequestId : undefined,
    traceId: undefined,
    clientAddress,
    authorization: secret('authorization'),
    userToken: secret('x-itnio-user-token'),
    accept: headers.get('accept') ?? undefined,
    wantsCost: headers.get('x-itnio-ledger') === '1',
    signal,
    arrivedAt: performance.now(),
  };
}

function toResponse(answer: Answer | Response): Response {
  if (answer instanceof Response) return answer;
  const { status, headers, body } = answer;
  return new Response(body, { status, headers });
}
