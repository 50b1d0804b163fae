import { GatewayError } from './gateway-error.ts';

/** A genuine cursor, but of another app's phones. */
export class ForeignCursorError extends GatewayError {
  readonly code = 'FOREIGN_CURSOR';
  override readonly argument: string;

  constructor(argument: string) {
    super(`Argument "${argument}" is a cursor of another app's phones.`);
    this.argument = argument;
  }
}
