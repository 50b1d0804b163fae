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

/** A cursor that this gateway did not make: damaged, shortened, or signed with a key that it does not know. */
export class InvalidCursorError extends GatewayError {
  readonly code = 'INVALID_CURSOR';
  override readonly argument: string;

  constructor(argument: string) {
    super(`Argument "${argument}" is not a cursor of this gateway. Pass one exactly as it was received.`);
    this.argument = argument;
  }
}

/** A genuine cursor, but of another list: another app's, or one in another order or with another filter. */
export class ForeignCursorError extends GatewayError {
  readonly code = 'FOREIGN_CURSOR';
  override readonly argument: string;

  constructor(argument: string) {
    super(`Argument "${argument}" is a cursor of another app, order or filter.`);
    this.argument = argument;
  }
}

/** A genuine cursor whose row cannot be found again, so that what follows it cannot be proved. */
export class CursorExpiredError extends GatewayError {
  readonly code = 'CURSOR_EXPIRED';
  override readonly argument: string;

  constructor(argument: string) {
    super(
      `The phone that argument "${argument}" points at cannot be found any more: the list has changed. ` +
        'Start again without the cursor, or from one that was received later.',
    );
    this.argument = argument;
  }
}
