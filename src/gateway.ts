import https from 'node:https';
import { isDeepStrictEqual } from 'node:util';
import { createCallAllowances } from './callers/call-allowances.ts';
import { fetchKeySet } from './callers/fetch-keys.ts';
import { createIdentities } from './callers/identities.ts';
import { createJwks, type FetchKeys } from './callers/jwks.ts';
import { createJwtCallers, type JwtCallers } from './callers/jwt.ts';
import { createCallerRegistry } from './callers/registry.ts';
import { ANONYMOUS_BODY_BYTES, type Config, type JwtConfig, type Upstream } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import type { Settings } from './config/settings.ts';
import type { RequestInfo } from './context.ts';
import type { Caller } from './domain/caller.ts';
import { systemClock } from './domain/clock.ts';
import type { Log } from './domain/log.ts';
import { createSchema } from './graph/schema.ts';
import { createItnioClient } from './itnio/client.ts';
import { combineObservers, createVendorLog, type VendorObserver } from './itnio/events.ts';
import type { VendorPace } from './itnio/sip-page.ts';
import { ProxyAgent } from './itnio/transport/proxy.ts';
import type { AuditSink } from './output/audit-sink.ts';
import type { Metrics } from './output/metrics.ts';
import { createCursorCodec } from './paging/cursor.ts';
import { createValueCursorCodec } from './paging/value-cursor.ts';
import { createPhoneDirectory } from './phones/phone-directory.ts';
import type { PhoneDirectory } from './phones/phones.ts';
import { type Answer, createAnswers } from './pipeline/answer.ts';
import { countAnswers } from './pipeline/count-answers.ts';
import { createFailedAttempts } from './pipeline/failed-attempts.ts';
import { findDocumentFaults } from './pipeline/listed-documents.ts';
import type { OperationParams } from './pipeline/operation-params.ts';
import { createPipeline } from './pipeline/pipeline.ts';
import { createRequestLog } from './pipeline/request-log.ts';
import { createRequestState } from './pipeline/request-state.ts';
import { createVendorTrace } from './pipeline/trace-requests.ts';
import { createYogaEntry } from './pipeline/yoga-entry.ts';

export interface GatewayOptions {
  /** What is derived from it follows its replacement; the rest is as it was at the start. */
  readonly settings: Settings;
  /** The vendor account to front: that of the configuration, or a sandbox. */
  readonly upstream: Upstream;
  readonly log: Log;
  readonly auditSink: AuditSink;
  /** Undefined where nothing is counted. */
  readonly metrics?: Metrics | undefined;
  /** Where phones are looked up; the vendor's where it is left out. */
  readonly directory?: PhoneDirectory | undefined;
}

/** The gateway without a server: two entry points to one pipeline. */
export interface Gateway {
  /** Answers an operation that was read out of its HTTP request: the short entry point. Never rejects. */
  answer(params: OperationParams, info: RequestInfo): Promise<Answer>;
  /**
   * Finds who asks: at once, or where a token has to be verified, with a promise.
   * @throws {UnauthenticatedError | IdentityUnavailableError}, or rejects with them.
   */
  identify(info: RequestInfo): Caller | Promise<Caller>;
  /** How many bytes the body of a request may have. */
  findBodyLimit(caller: Caller): number;
  /** Answers a request that did not get as far as an operation. */
  refuse(error: unknown, info: RequestInfo): Answer;
  /** Answers any HTTP request: Yoga's entry point. Never rejects. */
  fetch(request: Request, info: RequestInfo): Promise<Response>;
  /** What the vendor gives at its best; undefined unless calls have had to wait of late. */
  readonly vendorPace: VendorPace | undefined;
  /** Frees what it holds. Requests in flight are to be waited for before. */
  dispose(): Promise<void>;
}

/**
 * Holds the list of trusted documents against the schema that the configuration makes.
 * @throws {ConfigError} naming each document that could not be executed, whoever asks for it.
 */
export function assertTrustedDocuments({ trustedDocuments, federation, passwords }: Config): void {
  if (trustedDocuments === undefined) return;
  const faults = findDocumentFaults(trustedDocuments, createSchema(federation, { passwords }));
  if (faults.length > 0) throw new ConfigError(faults.map((fault) => `TRUSTED_DOCUMENTS_FILE: ${fault}`));
}

/** Composes the gateway. Nothing is read, opened or asked before the first request. */
export function createGateway(options: GatewayOptions): Gateway {
  const { settings, upstream, log, auditSink, metrics } = options;
  const config = settings.current;
  const { baseUrl, apiKey, apiSecret } = upstream;
  const failedAttempts = createFailedAttempts();
  const observers: VendorObserver[] = [
    createVendorLog(log),
    failedAttempts,
    createVendorTrace(systemClock.epochNow),
  ];
  if (metrics !== undefined) observers.push(metrics.vendor);
  const observer = combineObservers(observers);
  const client = createItnioClient({
    baseUrl,
    apiKey,
    apiSecret,
    transport: config.itnioTransport,
    proxyUrl: config.proxyUrl,
    observer,
  });
  metrics?.watchVendor(() => client.load);
  const directory =
    options.directory ??
    createPhoneDirectory({
      client,
      cursorCodec: settings.derive(({ cursorKeys }) =>
        createCursorCodec(cursorKeys.map((key) => Buffer.from(key.reveal()))),
      ),
      valueCursorCodec: settings.derive(({ cursorKeys }) =>
        createValueCursorCodec(cursorKeys.map((key) => Buffer.from(key.reveal()))),
      ),
      keepMs: config.phonesCacheTtlMs,
      keepListMs: config.phonesListTtlMs,
      listMaxCalls: () => settings.current.listMaxCalls,
      callTimeoutMs: () => settings.current.requestTimeoutMs,
      onCensus: metrics?.noteCensus,
      log,
    });
  const registry = settings.derive((config) =>
    createCallerRegistry(config.callers, config.anonymousScopes, systemClock, config.jwt !== undefined),
  );
  const callers = createIdentities(registry, deriveJwt(settings, log));
  const requestLog = createRequestLog(log, systemClock, failedAttempts);
  /** Routers are configured as callers; where nobody is, the data is made up or the clients are on this machine. */
  function isTrusted(caller: Caller): boolean {
    const { upstream, loopbackNamesOnly } = settings.current;
    return caller.known === true || upstream === undefined || loopbackNamesOnly;
  }
  function mayIntrospect(caller: Caller): boolean {
    return settings.current.anonymousIntrospection || caller.known === true;
  }
  const answers = createAnswers({
    requestLog: metrics === undefined ? requestLog : countAnswers(requestLog, metrics),
    log,
    // Only a sandbox of its own leaves the account unconfigured: whoever tries that out sees what things cost.
    showsCosts: config.upstream === undefined,
    maySeeCosts: isTrusted,
    mayIntrospect,
  });
  const schema = createSchema(config.federation, { passwords: config.passwords });
  const pipeline = createPipeline({
    schema,
    directory,
    auditSink: metrics?.countAudit(auditSink) ?? auditSink,
    passwordReadsPerHour: () => settings.current.passwordReadsPerHour,
    hasCallers: () => settings.current.callers.length > 0 || settings.current.jwt !== undefined,
    allowances: createCallAllowances(() => settings.current, systemClock.monotonicNow),
    servedApps: () => settings.current.upstream?.apps ?? upstream.apps,
    isTrusted,
    mayIntrospect,
    requestTimeoutMs: () => settings.current.requestTimeoutMs,
    trustedDocuments: () => settings.current.trustedDocuments,
    storesQueries: () => settings.current.persistedQueries,
    wallClock: () => new Date(),
    log,
  });
  const yoga = createYogaEntry({
    schema,
    pipeline,
    answers,
    callers,
    corsOrigins: () => settings.current.corsOrigins,
    findBodyLimit,
  });

  function findBodyLimit(caller: Caller): number {
    return isTrusted(caller) ? settings.current.maxBodyBytes : ANONYMOUS_BODY_BYTES;
  }

  return {
    findBodyLimit,
    get vendorPace() {
      return client.pace;
    },
    async answer(params, info) {
      const state = createRequestState(info, params);
      try {
        return answers.present(await pipeline.execute(params, state), state);
      } catch (error) {
        return answers.presentFailure(error, state);
      }
    },
    identify: callers.identify,
    refuse: (error, info) => answers.presentFailure(error, createRequestState(info, undefined)),
    fetch: async (request, info) => yoga.fetch(request, createRequestState(info, undefined)),
    async dispose() {
      await yoga.dispose();
      client.close();
      requestLog.close();
    },
  };
}

/** As long as the provider stays the same, so do its keys and the tokens that were verified. */
function deriveJwt(settings: Settings, log: Log): () => JwtCallers | undefined {
  let made: { readonly jwt: JwtConfig; readonly callers: JwtCallers } | undefined;
  return settings.derive(({ jwt }) => {
    if (jwt === undefined) made = undefined;
    else if (!isDeepStrictEqual(jwt, made?.jwt)) made = { jwt, callers: createJwt(jwt, log) };
    return made?.callers;
  });
}

function createJwt(jwt: JwtConfig, log: Log): JwtCallers {
  return createJwtCallers(jwt, createJwks(createFetchKeys(jwt), systemClock, log), systemClock);
}

/** Fetches the keys of the identity provider as the gateway does: verified, and through the outbound proxy. */
export function createFetchKeys({ jwksUrl, proxyUrl }: JwtConfig): FetchKeys {
  const options = { rejectUnauthorized: true };
  const direct = new URL(jwksUrl).protocol === 'https:' ? new https.Agent(options) : undefined;
  const agent = proxyUrl === undefined ? direct : new ProxyAgent(proxyUrl, systemClock.startTimer, options);
  return () => fetchKeySet(jwksUrl, agent);
}
