import { type DocumentNode, Kind, parse, separateOperations, visit } from 'graphql';
import * as z from 'zod';
import type { Config, Upstream } from '../config/config.ts';
import { createSettings } from '../config/settings.ts';
import type { RequestInfo } from '../context.ts';
import { type Caller, SCOPES } from '../domain/caller.ts';
import { Canceller } from '../domain/cancel.ts';
import { ForbiddenError, UnauthenticatedError } from '../errors/access-errors.ts';
import { type ErrorCode, GatewayError } from '../errors/gateway-error.ts';
import { QueryTooExpensiveError, RequestTooLargeError } from '../errors/request-errors.ts';
import { createGateway, type Gateway } from '../gateway.ts';
import { CALLS_PER_REQUEST } from '../phones/phone-directory.ts';
import type { Answer } from '../pipeline/answer.ts';
import { type OperationParams, parseOperationParams } from '../pipeline/operation-params.ts';
import { createExplainer } from './explainer.ts';

export interface Explanation {
  /** The calls, for people; undefined where the gateway refuses the operation, or nothing of it could be planned. */
  readonly plan: string | undefined;
  /** What the gateway says is wrong. */
  readonly errors: readonly ExplainedError[];
  /** The operations that can be named, where the request leaves open which one it means; undefined where it does not. */
  readonly operationNames?: readonly string[];
  /** Why callers without a token are refused what a known caller is not; empty where they are not. */
  readonly anonymousErrors: readonly ExplainedError[];
}

export interface ExplainedError {
  readonly message: string;
  readonly code: string;
  /** Where in the document, counted from 1. */
  readonly place?: { readonly line: number; readonly column: number };
}

export interface ExplainedRequest {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables: Record<string, unknown>;
  /** Who asks, without a token. Left out, a caller who may do everything. */
  readonly caller?: Caller | 'anonymous' | undefined;
}

const KNOWN_CALLER: Caller = { name: 'explain', scopes: new Set(SCOPES), known: true };
/** Said of documents that can be parsed. */
const UNRESOLVED: ErrorCode = 'OPERATION_RESOLUTION_FAILURE';
const SILENT_LOG = { debug() {}, info() {}, warn() {}, error() {} };
/** Nothing is read, so nothing is to be put on record. */
const NO_AUDIT = { write: async () => undefined };

/**
 * Asks the gateway itself, but with a directory in the place of the vendor's that reads nothing: whatever the gateway
 * refuses is refused by the rules that it has.
 */
export async function explainOperation(
  request: ExplainedRequest,
  config: Config,
  upstream: Upstream,
): Promise<Explanation> {
  const explainer = createExplainer(
    config.cursorKeys.map((key) => Buffer.from(key.reveal())),
    config.listMaxCalls,
  );
  const gateway = createGateway({
    settings: createSettings(config),
    upstream,
    log: SILENT_LOG,
    auditSink: NO_AUDIT,
    directory: explainer.directory,
  });
  try {
    const caller = await findCaller(gateway, request);
    const { isRefused, errors } = await ask(gateway, request, caller);
    if (!isRefused) errors.push(...findLaterErrors(request, caller, explainer.countCalls()));
    // Beside an error "No call" would be taken for the plan of what failed.
    const hasPlan = !isRefused && (explainer.hasPlans() || errors.length === 0);
    const plan = hasPlan ? explainer.report() : undefined;
    // The plan is printed before, because this asks for the same once more.
    const isForAnyone = !isRefused && request.caller === undefined;
    const anonymousErrors = isForAnyone ? await findAnonymousRefusal(gateway, request) : [];
    const explanation = { plan, errors: withoutRepeated(errors), anonymousErrors };
    return errors.some(({ code }) => code === UNRESOLVED)
      ? { ...explanation, operationNames: listOperations(parse(request.query)) }
      : explanation;
  } catch (error) {
    // Nobody is answered without a token.
    if (!(error instanceof UnauthenticatedError)) throw error;
    return { plan: undefined, errors: [toExplained(error)], anonymousErrors: [] };
  } finally {
    await gateway.dispose();
  }
}

/** @throws {UnauthenticatedError} where callers without a token get no answer. */
function findCaller(gateway: Gateway, { caller = KNOWN_CALLER }: ExplainedRequest): Caller | Promise<Caller> {
  return caller === 'anonymous' ? gateway.identify(createRequestInfo()) : caller;
}

/** What an answer of the vendor would bring to light: nothing that was read has a password, and no call was counted. */
function findLaterErrors(
  { query, operationName }: ExplainedRequest,
  { scopes }: Caller,
  calls: number,
): ExplainedError[] {
  const errors: GatewayError[] = [];
  if (calls > CALLS_PER_REQUEST) errors.push(new QueryTooExpensiveError(CALLS_PER_REQUEST));
  if (!scopes.has('passwords:read') && selectsPassword(query, operationName))
    errors.push(new ForbiddenError('passwords:read'));
  return errors.map(toExplained);
}

/** No other field of the schema has this name. */
function selectsPassword(query: string, operationName: string | undefined): boolean {
  const document = parse(query);
  const operation = separateOperations(document)[operationName ?? ''] ?? document;
  let isSelected = false;
  visit(operation, {
    Field: ({ name }) => {
      isSelected ||= name.value === 'password';
    },
  });
  return isSelected;
}

function listOperations(document: DocumentNode): string[] {
  return document.definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION && definition.name !== undefined
      ? [definition.name.value]
      : [],
  );
}

function toExplained({ message, code }: GatewayError): ExplainedError {
  return { message, code };
}

/** The same message with the same code at the same place says nothing new. */
function withoutRepeated(errors: readonly ExplainedError[]): readonly ExplainedError[] {
  return [...new Map(errors.map((error) => [JSON.stringify(error), error])).values()];
}

interface Outcome {
  /** Whether nothing was executed. */
  readonly isRefused: boolean;
  readonly errors: ExplainedError[];
}

async function ask(
  gateway: Gateway,
  { caller: _, ...request }: ExplainedRequest,
  caller: Caller,
): Promise<Outcome> {
  const { body } = await send(gateway, request, caller);
  const { data, errors = [] } = ANSWER.parse(JSON.parse(body));
  return { isRefused: data === undefined, errors: errors.map(readError) };
}

async function send(
  gateway: Gateway,
  request: Omit<ExplainedRequest, 'caller'>,
  caller: Caller,
): Promise<Answer> {
  const info: RequestInfo = { ...createRequestInfo(), caller };
  const limit = gateway.findBodyLimit(caller);
  if (Buffer.byteLength(JSON.stringify(request)) > limit)
    return gateway.refuse(new RequestTooLargeError(limit), info);
  let params: OperationParams;
  try {
    params = parseOperationParams(request);
  } catch (error) {
    return gateway.refuse(error, info);
  }
  return gateway.answer(params, info);
}

/** Where nobody is answered without a token there is no anonymous caller to speak of. */
async function findAnonymousRefusal(
  gateway: Gateway,
  request: ExplainedRequest,
): Promise<readonly ExplainedError[]> {
  let anonymous: Caller;
  try {
    anonymous = await gateway.identify(createRequestInfo());
  } catch (error) {
    if (error instanceof GatewayError) return [];
    throw error;
  }
  const { isRefused, errors } = await ask(gateway, request, anonymous);
  return isRefused ? errors : [];
}

function createRequestInfo(): RequestInfo {
  return {
    requestId: 'explain',
    clientRequestId: undefined,
    traceId: undefined,
    clientAddress: '127.0.0.1',
    authorization: undefined,
    accept: undefined,
    wantsCost: false,
    signal: new Canceller(),
    arrivedAt: performance.now(),
  };
}

const ANSWER = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        locations: z.array(z.object({ line: z.number(), column: z.number() })).optional(),
        extensions: z.object({ code: z.string() }),
      }),
    )
    .optional(),
});

type AnsweredError = NonNullable<z.infer<typeof ANSWER>['errors']>[number];

function readError({ message, locations, extensions }: AnsweredError): ExplainedError {
  const [place] = locations ?? [];
  return { message, code: extensions.code, ...(place && { place }) };
}
