import { BadRequestError } from '../errors/request-errors.ts';

/** The parameters of a GraphQL request, well-formed. */
export interface OperationParams {
  /** Empty where the document is named by its id or its hash instead. */
  readonly query: string;
  /** The id of a stored document. */
  readonly documentId?: string | undefined;
  readonly operationName?: string | undefined;
  readonly variables?: Record<string, unknown> | undefined;
  readonly extensions?: Record<string, unknown> | undefined;
}

/**
 * Reads the parameters out of a decoded JSON body. Unknown keys are ignored; null counts as absent, and so does an
 * operation name that is empty.
 * @throws {BadRequestError}
 * @see https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters
 */
export function parseOperationParams(body: unknown): OperationParams {
  if (Array.isArray(body))
    throw new BadRequestError('One request holds one operation; a list is not accepted.');
  if (!isMap(body)) throw new BadRequestError('The request body must be a JSON object.');
  const { query, operationName, variables, extensions } = body;
  if (query != null && typeof query !== 'string')
    throw new BadRequestError('The parameter "query" must be a text.');
  if (operationName != null && typeof operationName !== 'string')
    throw new BadRequestError('The parameter "operationName" must be a text.');
  if (variables != null && !isMap(variables))
    throw new BadRequestError('The parameter "variables" must be a map.');
  if (extensions != null && !isMap(extensions))
    throw new BadRequestError('The parameter "extensions" must be a map.');
  const documentId = query ? undefined : readDocumentId(body);
  if (!query && documentId === undefined && findPersistedHash(extensions) === undefined)
    throw new BadRequestError(MISSING_QUERY);
  return {
    query: query ?? '',
    documentId,
    operationName: operationName || undefined,
    variables: variables ?? undefined,
    extensions: extensions ?? undefined,
  };
}

/** What is said of a request that neither brings nor names a document. */
export const MISSING_QUERY =
  'The parameter "query" is missing, and neither "documentId" nor "extensions.persistedQuery" names a stored document.';

/** Relay calls it `id`. */
function readDocumentId({ documentId, id }: Readonly<Record<string, unknown>>): string | undefined {
  const name = documentId ?? id;
  if (name == null || name === '') return undefined;
  if (typeof name !== 'string') throw new BadRequestError('The parameter "documentId" must be a text.');
  return name;
}

/** Reads the id of a stored document out of parameters that were parsed. */
export function findDocumentId(params: object): string | undefined {
  return 'documentId' in params && typeof params.documentId === 'string' ? params.documentId : undefined;
}

/**
 * Reads the hash of an automatic persisted query out of the extensions of a request: a SHA-256 in hexadecimal digits.
 * @throws {BadRequestError} for one of another version, or without such a hash.
 */
export function findPersistedHash(extensions: unknown): string | undefined {
  if (!isMap(extensions) || extensions['persistedQuery'] == null) return undefined;
  const { persistedQuery } = extensions;
  if (!isMap(persistedQuery) || persistedQuery['version'] !== 1)
    throw new BadRequestError('The value of "extensions.persistedQuery" must be of version 1.');
  const hash = persistedQuery['sha256Hash'];
  if (typeof hash !== 'string' || hash === '' || hash.length > MAX_HASH_LENGTH)
    throw new BadRequestError('The value of "extensions.persistedQuery.sha256Hash" must be a hash.');
  return hash;
}

/** An id of a trusted document may stand in the place of a hash. */
const MAX_HASH_LENGTH = 512;

/**
 * Reads the parameters out of the query of a URL, where maps are JSON. An empty one counts as absent.
 * @throws {BadRequestError}
 */
export function parseQueryParams(search: URLSearchParams): OperationParams {
  return parseOperationParams({
    query: readParam(search, 'query'),
    documentId: readParam(search, 'documentId'),
    id: readParam(search, 'id'),
    operationName: readParam(search, 'operationName'),
    variables: readJsonParam(search, 'variables'),
    extensions: readJsonParam(search, 'extensions'),
  });
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Decodes a request body. A byte order mark is dropped.
 * @throws {BadRequestError} for anything that is not JSON in UTF-8.
 */
export function decodeJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    throw new BadRequestError('The request body is not UTF-8.');
  }
  try {
    return JSON.parse(text);
  } catch {
    // Intentionally without its cause: the parser's message quotes the body.
    throw new BadRequestError('The request body is not JSON.');
  }
}

function readParam(search: URLSearchParams, name: string): string | undefined {
  const [value, second] = search.getAll(name);
  if (second !== undefined) throw new BadRequestError(`The parameter "${name}" is given twice.`);
  return value || undefined;
}

function readJsonParam(search: URLSearchParams, name: string): unknown {
  const text = readParam(search, name);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Intentionally without its cause: the parser's message quotes the text.
    throw new BadRequestError(`The parameter "${name}" is not JSON.`);
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
