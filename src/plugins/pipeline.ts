import type { CallAllowances } from '../callers/call-allowances.ts';
import type { Identities } from '../callers/identities.ts';
import type { TrustedDocuments } from '../config/trusted-documents.ts';
import type { ServedApps } from '../domain/app.ts';
import type { Caller } from '../domain/caller.ts';
import { systemClock } from '../domain/clock.ts';
import type { Log } from '../domain/log.ts';
import { createExecutor } from '../execution/executor.ts';
import type { AuditSink } from '../output/audit-sink.ts';
import type { PhoneDirectory } from '../phones/phones.ts';
import { type Answers, MAX_REQUEST_ERRORS } from './answer.ts';
import { MAX_ANSWER_BYTES } from './answer-bytes.ts';
import { assertHooks } from './assert-hooks.ts';
import { createPasswordLimits } from './password-limits.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';
import { type AnswerLimits, useAnswerLimit } from './use-answer-limit.ts';
import { useAnswers } from './use-answers.ts';
import { useCallAllowance } from './use-call-allowance.ts';
import { useCaller } from './use-caller.ts';
import { useCompiledExecution } from './use-compiled-execution.ts';
import { createDocumentCache } from './use-document-cache.ts';
import { useGraphQLRules } from './use-graphql-rules.ts';
import { useIntrospectionSwitch } from './use-introspection-switch.ts';
import { useOperation } from './use-operation.ts';
import { OPERATION_LIMITS, useOperationLimits } from './use-operation-limits.ts';
import { usePasswordAudit } from './use-password-audit.ts';
import { usePhones } from './use-phones.ts';
import { useRequestSyntax } from './use-request-syntax.ts';
import { useStoredDocuments } from './use-stored-documents.ts';

export interface PipelineOptions {
  readonly answers: Answers;
  readonly callers: Pick<Identities, 'identify'>;
  /** Whether anybody holds a token. */
  readonly hasCallers: () => boolean;
  readonly allowances: CallAllowances;
  readonly servedApps: () => ServedApps;
  readonly directory: PhoneDirectory;
  readonly auditSink: AuditSink;
  /** Passwords that one caller may read in an hour, where its entry does not say; undefined for any number. */
  readonly passwordReadsPerHour: () => number | undefined;
  /** Whose pages may cause a GET. */
  readonly corsOrigins: () => readonly string[];
  readonly mayIntrospect: (caller: Caller) => boolean;
  /** Whether a caller gets the larger limits, which routers need. */
  readonly isTrusted: (caller: Caller) => boolean;
  /** How many bytes the body of a request may have. */
  readonly findBodyLimit: (caller: Caller) => number;
  /** Longest time for one request, in milliseconds. */
  readonly requestTimeoutMs: () => number;
  readonly trustedDocuments: () => TrustedDocuments | undefined;
  /** Whether clients may store documents by their hash. */
  readonly storesQueries: () => boolean;
  readonly wallClock: () => Date;
  readonly log: Log;
}

/** Memory for documents and their plans. */
const DOCUMENT_CACHE_BYTES = 16 * 1024 * 1024;

/** Memory for the texts that clients have stored by their hash. */
const STORED_DOCUMENTS_BYTES = 4 * 1024 * 1024;

const ANSWER_LIMITS: AnswerLimits = {
  answer: {
    // A hundred windows of a hundred rows, twice.
    objects: 20_000,
    // 25 of each object. An answer with twice as many is over its bound in bytes, whatever they hold.
    values: 500_000,
  },
  // A page of 100 with all that there is of its phones brings some 1,000.
  heavyObjects: 2_000,
  // The memory of two answers of the largest size: some 40 MB.
  heavyObjectsAtOnce: 40_000,
};

/**
 * How a request is treated, in order.
 * @throws {TypeError} for a plugin that one of the gateway's entry points would not ask.
 */
export function createPipeline(options: PipelineOptions): PipelinePlugin[] {
  const documents = createDocumentCache(DOCUMENT_CACHE_BYTES);
  const executor = createExecutor({
    walls: { objects: ANSWER_LIMITS.answer.objects, bytes: MAX_ANSWER_BYTES },
    clock: systemClock,
    onGrowth: documents.countBytes,
  });
  const plugins = [
    useCallAllowance(options.allowances),
    useStoredDocuments({
      trusted: options.trustedDocuments,
      storesQueries: options.storesQueries,
      maxBytes: STORED_DOCUMENTS_BYTES,
    }),
    documents.plugin,
    useOperationLimits(OPERATION_LIMITS, options.isTrusted),
    useGraphQLRules(MAX_REQUEST_ERRORS),
    useOperation(),
    useIntrospectionSwitch(options.mayIntrospect),
    usePhones(options.directory, options),
    usePasswordAudit({
      sink: options.auditSink,
      limits: createPasswordLimits({
        readsPerHour: options.passwordReadsPerHour,
        findTotal: options.directory.findTotal,
        monotonicNow: systemClock.monotonicNow,
        log: options.log,
      }),
      now: options.wallClock,
      log: options.log,
      requestTimeoutMs: options.requestTimeoutMs,
    }),
    useCompiledExecution(executor, options.requestTimeoutMs),
    // Last, so that waiting for a turn is around whatever executes.
    useAnswerLimit(ANSWER_LIMITS, options.requestTimeoutMs, systemClock),
  ];
  return [
    // First, for a stranger is told nothing else: not even what is wrong with a request. The short entry point does it in
    // `onEnveloped`, or has been told by the server.
    assertHooks(useCaller(options.callers, options.servedApps), ['onRequestParse']),
    // The server reads what it hands to the short entry point with the same functions.
    assertHooks(useRequestSyntax(options), ['onRequestParse']),
    ...plugins.map((plugin) => assertHooks(plugin)),
    // It presents what it executed by itself.
    assertHooks(useAnswers(options.answers), ['onResultProcess']),
  ];
}
