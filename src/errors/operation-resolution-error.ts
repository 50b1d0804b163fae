import { GatewayError } from './gateway-error.ts';

/** The document does not hold exactly one operation that can be meant. */
export class OperationResolutionError extends GatewayError {
  readonly code = 'OPERATION_RESOLUTION_FAILURE';

  constructor() {
    super(
      'Which operation to run is not clear: name one of the document in "operationName", or send only one.',
    );
  }
}
