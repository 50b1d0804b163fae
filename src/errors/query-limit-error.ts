import { GatewayError } from './gateway-error.ts';

/** A document that is larger, in one respect, than this gateway answers. Found before anything is executed. */
export class QueryLimitError extends GatewayError {
  readonly code: QueryLimitCode;

  /** @param excess what there is too much of, as the start of a sentence: "The operation is nested 12 levels deep". */
  constructor(code: QueryLimitCode, excess: string, limit: number) {
    super(`${excess}; up to ${limit} are allowed.`);
    this.code = code;
  }
}

export type QueryLimitCode =
  | 'QUERY_TOO_DEEP'
  | 'QUERY_TOO_COMPLEX'
  | 'QUERY_TOO_MANY_ALIASES'
  | 'QUERY_TOO_MANY_ROOT_FIELDS'
  | 'QUERY_TOO_MANY_ENTITIES';
