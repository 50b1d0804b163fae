import { GatewayError } from './gateway-error.ts';

/** A cursor that this gateway did not make: damaged, shortened, or signed with a key that it does not know. */
export class InvalidCursorError extends GatewayError {
  readonly code = 'INVALID_CURSOR';
  override readonly argument: string;

  constructor(argument: string) {
    super(`Argument "${argument}" is not a cursor of this gateway. Pass one exactly as it was received.`);
    this.argument = argument;
  }
}
