import { GatewayError } from './gateway-error.ts';

/** An argument that cannot be right, whatever the vendor holds. Thrown before any vendor call. */
export class BadUserInputError extends GatewayError {
  readonly code = 'BAD_USER_INPUT';
  override readonly argument: string;

  /** @param fault the end of a sentence that starts with the argument, such as "must not be negative". */
  constructor(argument: string, fault: string) {
    super(`Argument "${argument}" ${fault}.`);
    this.argument = argument;
  }
}
