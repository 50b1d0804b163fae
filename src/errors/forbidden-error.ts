import { GatewayError } from './gateway-error.ts';

/** A known caller asks for what its scopes do not cover. */
export class ForbiddenError extends GatewayError {
  readonly code = 'FORBIDDEN';

  /** @param scope the scope that is missing; named to the client, so that it can ask its operator for it. */
  constructor(scope: string) {
    super(`This needs the scope "${scope}".`);
  }
}
