import { type DocumentNode, type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import type { CallAllowances } from '../callers/call-allowances.ts';
import { createVisibleApps } from '../callers/visible-apps.ts';
import type { TrustedDocuments } from '../config/trusted-documents.ts';
import type { RequestState } from '../context.ts';
import type { ServedApps, VisibleApps } from '../domain/app.ts';
import { type Caller, findMostOfShared } from '../domain/caller.ts';
import { systemClock } from '../domain/clock.ts';
import type { Log } from '../domain/log.ts';
import { shareOfAddress } from '../domain/requester.ts';
import { IntrospectionDisabledError } from '../errors/request-errors.ts';
import { createExecutor } from '../execution/executor.ts';
import type { AuditSink } from '../output/audit-sink.ts';
import type { PhoneDirectory } from '../phones/phones.ts';
import { MAX_REQUEST_ERRORS } from './answer.ts';
import { MAX_ANSWER_BYTES } from './answer-bytes.ts';
import { type AnswerLimits, createAnswerLimit } from './answer-limit.ts';
import { createDocuments, type ParsedDocument } from './documents.ts';
import { findOperation } from './find-operation.ts';
import { OPERATION_LIMITS } from './operation-limits.ts';
import type { OperationParams } from './operation-params.ts';
import { createPasswordAuditor } from './password-audit.ts';
import { createPasswordLimits } from './password-limits.ts';
import { createStoredDocuments } from './stored-documents.ts';

export interface PipelineOptions {
  readonly schema: GraphQLSchema;
  /** Whether anybody holds a token. */
  readonly hasCallers: () => boolean;
  readonly allowances: CallAllowances;
  readonly servedApps: () => ServedApps;
  readonly directory: PhoneDirectory;
  readonly auditSink: AuditSink;
  /** Passwords that one caller may read in an hour, where its entry does not say; undefined for any number. */
  readonly passwordReadsPerHour: () => number | undefined;
  readonly mayIntrospect: (caller: Caller) => boolean;
  /** Whether a caller gets the larger limits, which routers need. */
  readonly isTrusted: (caller: Caller) => boolean;
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
 * Vendor calls end at the deadline by themselves, with an error at their path and the rest of the answer beside it. What
 * has not come to an end this many milliseconds later is ended as a whole.
 */
const GRACE_MS = 250;

/** How much of an operation's name is logged, in characters. Names are ASCII. */
const MAX_NAME_LENGTH = 128;

/**
 * How a request is treated, step by step. {@link execute} takes them all; Yoga takes the same ones, each at its hook. A step
 * throws where it refuses the request.
 */
export interface Pipeline {
  /** All steps, in the order in which they stand here. */
  execute(params: OperationParams, state: RequestState): ExecutionResult | Promise<ExecutionResult>;
  /** Finds what the caller may see, and refuses a caller without vendor calls left. @returns the text of the document. */
  begin(params: OperationParams, state: RequestState): string;
  /** Parses the document, and finds the operation to run. */
  parse(text: string, params: OperationParams, state: RequestState): ParsedDocument;
  /** What is wrong with the document: an empty list where nothing is. */
  validate(parsed: ParsedDocument, state: RequestState): readonly GraphQLError[];
  /** Executes it, and records who has asked for which passwords before the result is handed on. */
  run(
    document: DocumentNode,
    params: OperationParams,
    state: RequestState,
  ): ExecutionResult | Promise<ExecutionResult>;
}

export function createPipeline(options: PipelineOptions): Pipeline {
  const { schema, allowances, directory, isTrusted, mayIntrospect, requestTimeoutMs, hasCallers } = options;
  // One caller is one object until the configuration is read again.
  const visibleTo = new WeakMap<Caller, VisibleApps>();
  const stored = createStoredDocuments({
    trusted: options.trustedDocuments,
    storesQueries: options.storesQueries,
    maxBytes: STORED_DOCUMENTS_BYTES,
  });
  const documents = createDocuments({
    schema,
    limits: OPERATION_LIMITS,
    maxErrors: MAX_REQUEST_ERRORS,
    maxBytes: DOCUMENT_CACHE_BYTES,
  });
  const auditor = createPasswordAuditor({
    sink: options.auditSink,
    limits: createPasswordLimits({
      readsPerHour: options.passwordReadsPerHour,
      findTotal: directory.findTotal,
      monotonicNow: systemClock.monotonicNow,
      log: options.log,
    }),
    now: options.wallClock,
    log: options.log,
    requestTimeoutMs,
  });
  const answerLimit = createAnswerLimit(ANSWER_LIMITS, requestTimeoutMs, systemClock);
  const executor = createExecutor({
    walls: { objects: ANSWER_LIMITS.answer.objects, bytes: MAX_ANSWER_BYTES },
    clock: systemClock,
    onGrowth: documents.countBytes,
  });

  function findApps(caller: Caller): VisibleApps {
    const known = visibleTo.get(caller);
    if (known !== undefined) return known;
    const apps = createVisibleApps(options.servedApps(), caller);
    visibleTo.set(caller, apps);
    return apps;
  }

  function begin(params: OperationParams, state: RequestState): string {
    const caller = callerOf(state);
    state.apps = findApps(caller);
    allowances.find(caller)?.assertLeft();
    return stored.findText(params, state);
  }

  function parse(text: string, { operationName }: OperationParams, state: RequestState): ParsedDocument {
    const isVouchedFor = state.isTrustedDocument || isTrusted(callerOf(state));
    const parsed = documents.parse(
      text,
      isVouchedFor ? OPERATION_LIMITS.trustedTokens : OPERATION_LIMITS.tokens,
    );
    const { name } = findOperation(parsed.document, operationName);
    state.operationName = name?.value.slice(0, MAX_NAME_LENGTH);
    return parsed;
  }

  function validate(parsed: ParsedDocument, state: RequestState): readonly GraphQLError[] {
    const errors = documents.validate(parsed);
    if (errors.length > 0) return errors;
    stored.store(parsed.text, state);
    if (!parsed.isIntrospecting || mayIntrospect(callerOf(state))) return errors;
    const originalError = new IntrospectionDisabledError();
    return [new GraphQLError(originalError.message, { originalError })];
  }

  function run(
    document: DocumentNode,
    { operationName, variables: variableValues }: OperationParams,
    state: RequestState,
  ): ExecutionResult | Promise<ExecutionResult> {
    const { signal, arrivedAt, requestId, clientAddress, apps } = state;
    const caller = callerOf(state);
    if (apps === undefined) throw new TypeError('The apps of the caller were not looked up.');
    const deadlineAt = arrivedAt + requestTimeoutMs();
    const isShared = hasCallers();
    state.phones = directory.open({
      signal,
      deadlineAt,
      requester: {
        // Where nobody is known, clients are told apart by their addresses.
        share: isShared ? caller.name : shareOfAddress(clientAddress),
        mostOfSlots: isShared ? findMostOfShared(caller) : 1,
        requestId,
        allowance: allowances.find(caller),
        hasCalled: false,
      },
    });
    const audit = auditor.begin(caller);
    const budget = answerLimit.begin(state);
    state.audit = audit;
    state.objects = budget;

    const args = { schema, document, contextValue: state, variableValues, operationName };
    const preparation = executor.prepare(args);
    if ('errors' in preparation) return preparation;
    const { variables } = preparation;
    const operation = findOperation(document, operationName);
    const objects = answerLimit.measure(
      { schema, document, operation, variables, apps: apps.list().length },
      budget,
    );

    const finish = (result: ExecutionResult): ExecutionResult | Promise<ExecutionResult> => {
      const written = auditor.write(state, audit);
      if (written !== undefined) return written.then(() => assertWithin(result));
      return assertWithin(result);
    };
    const assertWithin = (result: ExecutionResult): ExecutionResult => {
      budget.assertWithin();
      return result;
    };
    const result = answerLimit.run(objects, state, () =>
      executor.execute(preparation, args, { signal, deadlineAt: deadlineAt + GRACE_MS }),
    );
    return result instanceof Promise ? result.then(finish) : finish(result);
  }

  return {
    execute(params, state) {
      const parsed = parse(begin(params, state), params, state);
      const errors = validate(parsed, state);
      return errors.length > 0 ? { errors } : run(parsed.document, params, state);
    },
    begin,
    parse,
    validate,
    run,
  };
}

function callerOf({ caller }: RequestState): Caller {
  if (caller === undefined) throw new TypeError('The caller was not identified.');
  return caller;
}
