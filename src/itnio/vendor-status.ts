import type { GatewayError } from '../errors/gateway-error.ts';
import {
  UpstreamBadResponseError,
  UpstreamMisconfiguredError,
  UpstreamRateLimitedError,
  UpstreamRejectedError,
  UpstreamUnavailableError,
} from '../errors/upstream-errors.ts';

export const SUCCESS = '0';

/** Says that our timestamp is too far from the vendor's clock. */
export const TIMESTAMP_EXPIRED = '-16';

/** How long to leave the vendor alone after "frequent query", in milliseconds; it names no time itself. */
const FREQUENT_QUERY_WAIT_MS = 500;

/**
 * What a status other than success means. The vendor's `reason` is free text and plays no part.
 * @see the status table of the vendor's page, and those of its sibling endpoints.
 */
export function createStatusError(status: string): GatewayError {
  switch (status) {
    case '-1':
      return new UpstreamMisconfiguredError('status -1, authentication error: check API key and secret');
    case '-2':
      return new UpstreamMisconfiguredError(
        "status -2, restricted IP: add this host to the vendor's allow-list",
      );
    case '-13':
      return new UpstreamMisconfiguredError('status -13, the user is locked');
    case TIMESTAMP_EXPIRED:
      return new UpstreamMisconfiguredError("status -16, also for a timestamp of the vendor's own clock");
    case '-29':
      return new UpstreamMisconfiguredError('status -29, the workspace is disabled');
    case '-30':
      return new UpstreamMisconfiguredError('status -30, the API key is disabled');
    case '-31':
      return new UpstreamMisconfiguredError('status -31, this host is not in the IP whitelist');
    case '-32':
      return new UpstreamMisconfiguredError('status -32, the API key may not use this app');
    case '-15':
      return new UpstreamRateLimitedError(FREQUENT_QUERY_WAIT_MS);
    case '-18':
      return new UpstreamUnavailableError({ fault: 'status -18, system error' });
    case '-22':
    // The business rules of sibling endpoints: balance, empty field, exists, cap reached, does not exist, fee.
    case '-10':
    case '-14':
    case '-20':
    case '-23':
    case '-24':
    case '-26':
      return new UpstreamRejectedError({ fault: `status ${status}` });
    default:
      return new UpstreamBadResponseError(
        // A short number is a code; anything else could be a piece of data in the wrong place.
        /^-?\d{1,4}$/.test(status) ? `status: ${status} is not known` : 'status: expected a known code',
      );
  }
}
