import type { GraphQLSchema } from 'graphql';
import {
  createYoga,
  type GraphQLParams,
  isAsyncIterable,
  type Plugin,
  type YogaServerInstance,
} from 'graphql-yoga';
import type { Identities } from '../callers/identities.ts';
import type { RequestState } from '../context.ts';
import type { Caller } from '../domain/caller.ts';
import { RequestTooLargeError } from '../errors/request-errors.ts';
import type { Answers } from './answer.ts';
import type { ParsedDocument } from './documents.ts';
import {
  decodeJson,
  findDocumentId,
  type OperationParams,
  parseOperationParams,
  parseQueryParams,
} from './operation-params.ts';
import type { Pipeline } from './pipeline.ts';
import { assertRequestSyntax } from './request-syntax.ts';

export interface YogaEntryOptions {
  readonly schema: GraphQLSchema;
  readonly pipeline: Pipeline;
  readonly answers: Answers;
  readonly callers: Pick<Identities, 'identify'>;
  /** Whose pages may cause a GET. */
  readonly corsOrigins: () => readonly string[];
  /** How many bytes the body of a request may have. */
  readonly findBodyLimit: (caller: Caller) => number;
}

/** Yoga as it is handed a request with its state. */
export type YogaEntry = Pick<YogaServerInstance<RequestState, Record<never, never>>, 'fetch' | 'dispose'>;

/**
 * Has Yoga answer requests by the steps of the pipeline. It takes no plugins: the short entry point would not ask them, so what
 * must hold for every request is a step.
 * @see docs/decisions/002-two-entry-points-to-one-pipeline.md
 */
export function createYogaEntry(options: YogaEntryOptions): YogaEntry {
  return createYoga<RequestState>({
    schema: options.schema,
    plugins: [createStepPlugin(options)],
    extraParamNames: ['documentId'],
    // A page that is the same for everyone is the server's business.
    graphiql: false,
    // Errors are presented, and masked, in one place, the last one; cross-origin requests are the server's business.
    maskedErrors: false,
    cors: false,
    logging: false,
    multipart: false,
    landingPage: false,
    parserAndValidationCache: false,
    // The server bounds bodies while it reads them.
    maxRequestBodySize: false,
  });
}

/** The hooks that the short entry point has an equal of: another one does not compile. */
type StepHook = 'onRequestParse' | 'onEnveloped' | 'onParse' | 'onValidate' | 'onExecute' | 'onResultProcess';

type StepPlugin = Required<Pick<Plugin<RequestState, RequestState>, StepHook>>;

/**
 * Takes each step at its hook, and reads and answers requests as the server does: what is handed to Yoga, and what resolvers see,
 * is the request's state.
 */
function createStepPlugin(options: YogaEntryOptions): StepPlugin {
  const { pipeline, answers, callers, corsOrigins, findBodyLimit } = options;
  const parsedFor = new WeakMap<object, ParsedDocument>();

  function parsedOf(context: object): ParsedDocument {
    const parsed = parsedFor.get(context);
    if (parsed === undefined) throw new TypeError('The document was not parsed.');
    return parsed;
  }

  return {
    // Yoga reads the parameters after this: a wrong token is told nothing about them.
    async onRequestParse({ request: { method, headers }, serverContext, url, setRequestParser }) {
      serverContext.caller ??= await callers.identify(serverContext);
      const { caller } = serverContext;
      assertRequestSyntax(method, (name) => headers.get(name), corsOrigins());
      if (method === 'GET') setRequestParser(() => toYogaParams(parseQueryParams(url.searchParams)));
      else
        setRequestParser(async (request) => {
          const body = new Uint8Array(await request.arrayBuffer());
          const limit = findBodyLimit(caller);
          if (body.length > limit) throw new RequestTooLargeError(limit);
          return toYogaParams(parseOperationParams(decodeJson(body)));
        });
    },
    onEnveloped({ context }) {
      // Yoga parses what stands here after this.
      if (context == null) throw new TypeError('A request was handed to Yoga without its state.');
      context.params.query = pipeline.begin(fromYogaParams(context.params), context);
    },
    onParse({ context, params: { source }, setParsedDocument }) {
      const parsed = pipeline.parse(source.toString(), fromYogaParams(context.params), context);
      parsedFor.set(context, parsed);
      setParsedDocument(parsed.document);
    },
    onValidate({ context, setResult }) {
      setResult([...pipeline.validate(parsedOf(context), context)]);
    },
    onExecute({ context, setExecuteFn }) {
      setExecuteFn(() => pipeline.run(parsedOf(context).document, fromYogaParams(context.params), context));
    },
    onResultProcess({ serverContext, setResultProcessor }) {
      setResultProcessor((result, fetchAPI) => {
        if (Array.isArray(result) || isAsyncIterable(result))
          throw new TypeError('There are neither batches nor streams.');
        const { status, headers, body } = answers.present(result, serverContext);
        return new fetchAPI.Response(body, { status, headers });
      }, 'application/json');
    },
  };
}

/** Yoga takes a parameter that is not there as one that is not mentioned. */
function toYogaParams(params: OperationParams): GraphQLParams {
  const { query, documentId, operationName, variables, extensions } = params;
  return {
    query,
    ...(documentId === undefined ? {} : { documentId }),
    ...(operationName === undefined ? {} : { operationName }),
    ...(variables === undefined ? {} : { variables }),
    ...(extensions === undefined ? {} : { extensions }),
  };
}

function fromYogaParams(params: GraphQLParams): OperationParams {
  const { query = '', operationName, variables, extensions } = params;
  return { query, documentId: findDocumentId(params), operationName, variables, extensions };
}
