import { GatewayError } from './gateway-error.ts';

type BadRequestStatus = 400 | 405 | 415 | 421;

/** An HTTP request that is no GraphQL request: its method, its host, its media type or its body. Nothing was executed. */
export class BadRequestError extends GatewayError {
  readonly code = 'BAD_REQUEST';
  readonly status: BadRequestStatus;

  /** @param message a sentence for the client; never a piece of what it sent, which may hold a secret. */
  constructor(message: string, status: BadRequestStatus = 400) {
    super(message);
    this.status = status;
  }
}
