import { GatewayError } from './gateway-error.ts';

/** Someone who is not a known caller asks for the schema where it is shown to known callers only. */
export class IntrospectionDisabledError extends GatewayError {
  readonly code = 'GRAPHQL_VALIDATION_FAILED';

  constructor() {
    super('This gateway shows its schema to known callers only; it is also published as a file.');
  }
}
