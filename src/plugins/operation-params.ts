import { BadRequestError } from '../errors/request-errors.ts';

/** The parameters of a GraphQL request, well-formed. */
export interface OperationParams {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables?: Record<string, unknown> | undefined;
  readonly extensions?: Record<string, unknown> | undefined;
}

/**
 * Reads the parameters out of a decoded JSON body. Unknown keys are ignored, null counts as absent.
 * @throws {BadRequestError}
 * @see https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters
 */
export function parseOperationParams(body: unknown): OperationParams {
  if (Array.isArray(body))
    throw new BadRequestError('One request holds one operation; a list is not accepted.');
  if (!isMap(body)) throw new BadRequestError('The request body must be a JSON object.');
  const { query, operationName, variables, extensions } = body;
  if (typeof query !== 'string' || query === '')
    throw new BadRequestError('The parameter "query" must be a text.');
  if (operationName != null && typeof operationName !== 'string')
    throw new BadRequestError('The parameter "operationName" must be a text.');
  if (variables != null && !isMap(variables))
    throw new BadRequestError('The parameter "variables" must be a map.');
  if (extensions != null && !isMap(extensions))
    throw new BadRequestError('The parameter "extensions" must be a map.');
  return {
    query,
    operationName: operationName ?? undefined,
    variables: variables ?? undefined,
    extensions: extensions ?? undefined,
  };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
