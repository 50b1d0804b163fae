import { GatewayError } from './gateway-error.ts';

/** A request that a foreign web page could make a browser send without asking first. */
export class CsrfPreventedError extends GatewayError {
  readonly code = 'CSRF_PREVENTED';

  constructor() {
    super(
      'A GET request needs the header "graphql-require-preflight" or "apollo-require-preflight", with any value.',
    );
  }
}
