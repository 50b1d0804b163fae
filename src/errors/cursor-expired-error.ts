import { GatewayError } from './gateway-error.ts';

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
