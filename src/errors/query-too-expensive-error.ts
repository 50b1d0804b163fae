import { GatewayError } from './gateway-error.ts';

/** What one request asks for would take more vendor calls than one request may make. Thrown before they start. */
export class QueryTooExpensiveError extends GatewayError {
  readonly code = 'QUERY_TOO_COMPLEX';
  readonly callsNeeded: number;

  constructor(callsNeeded: number, callBudget: number) {
    super(
      `This request would need ${callsNeeded} calls to the voice API; one request may make ${callBudget}. Ask for less at once.`,
    );
    this.callsNeeded = callsNeeded;
  }
}
