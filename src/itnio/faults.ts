import { types } from 'node:util';
import { parseHttpDate } from '../domain/http-date.ts';
import type { GatewayError } from '../errors/gateway-error.ts';
import { OverloadedError } from '../errors/request-errors.ts';
import {
  UpstreamBadResponseError,
  UpstreamMisconfiguredError,
  UpstreamRateLimitedError,
  UpstreamRejectedError,
  UpstreamUnavailableError,
} from '../errors/upstream-errors.ts';

// A call fails in one of three places: below HTTP, by an HTTP status, or by the status in the vendor's own envelope.

/** Why a certificate is not trusted, as OpenSSL and Node name it. */
const CERTIFICATE_FAULTS: ReadonlySet<string> = new Set([
  'CA_KEY_TOO_SMALL',
  'CA_MD_TOO_WEAK',
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'CRL_HAS_EXPIRED',
  'CRL_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'EE_KEY_TOO_SMALL',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  // Node's name for OpenSSL's verdicts that it does not know, such as a key that is too small.
  'UNSPECIFIED',
]);

/** This machine has run out of something: files, memory, ports. */
const OWN_FAULTS: ReadonlySet<string> = new Set([
  'EADDRNOTAVAIL',
  'EAGAIN',
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
]);

/** TLS errors that say no more than that a connection broke. */
const PASSING_TLS_FAULT = /BAD_RECORD_MAC|DECRYPT|INTERNAL_ERROR|UNEXPECTED_EOF/;

/** The code of an error on a kept connection that the vendor had closed before it sent a byte of the answer. */
export const STALE_SOCKET = 'STALE_SOCKET';

/** The code of an answer with HTTP 101: there is nothing to change over to. */
export const UPGRADED = 'UPGRADED';

/** How the code begins of a proxy's answer that opens no tunnel; its HTTP status follows. */
export const PROXY_REFUSED = 'PROXY_REFUSED_';

/**
 * What went wrong below HTTP, by the error's code alone: its message may hold an address or a piece of the answer, so
 * neither it nor the error goes any further. An error without a code is a bug of ours and is handed back as it is.
 */
export function readNetworkError(error: unknown): unknown {
  const code = findCode(error);
  if (code === undefined) return error;
  if (code === 'no-redirect' || code === 'invalid-redirect')
    return new UpstreamBadResponseError('redirect: expected an answer');
  if (code === UPGRADED) return new UpstreamBadResponseError('HTTP 101: expected an answer');
  if (code.startsWith(PROXY_REFUSED)) return readProxyStatus(Number(code.slice(PROXY_REFUSED.length)));
  if (OWN_FAULTS.has(code)) return new OverloadedError({ fault: code });
  if (CERTIFICATE_FAULTS.has(code))
    return new UpstreamMisconfiguredError(`${code}: the certificate of the base URL cannot be verified`);
  if (isTlsRefusal(code)) return new UpstreamMisconfiguredError(describeTlsRefusal(code));
  if (isGarbled(code)) return new UpstreamBadResponseError(`${code}: expected HTTP`, { mayPass: true });
  return new UpstreamUnavailableError({ fault: code });
}

/** How the evidence begins of what a proxy has answered; its status follows, as `HTTP 407`. */
export const PROXY_ANSWERS = 'the proxy answers CONNECT with ';

/** A proxy that cannot reach the vendor may do so later; one that does not want to, or not for us, is for an operator. */
function readProxyStatus(status: number): GatewayError {
  const fault = `${PROXY_ANSWERS}HTTP ${status}`;
  if (status === 407)
    return new UpstreamMisconfiguredError(
      `${fault}: it asks for credentials, user and password in HTTPS_PROXY`,
    );
  if (status >= 500) return new UpstreamUnavailableError({ fault });
  return new UpstreamMisconfiguredError(`${fault}: check HTTPS_PROXY, NO_PROXY and what the proxy allows`);
}

/** No TLS at the other end, none in common, or one side wants to see something of the other. */
function isTlsRefusal(code: string): boolean {
  return code === 'EPROTO' || (code.startsWith('ERR_SSL_') && !PASSING_TLS_FAULT.test(code));
}

function describeTlsRefusal(code: string): string {
  if (code.includes('CERTIFICATE_REQUIRED') || code.includes('HANDSHAKE_FAILURE'))
    return `${code}: the server at the base URL asks for a client certificate, or for TLS that cannot be agreed on`;
  // Plain HTTP behind an https address is the usual way to it.
  return `${code}: the base URL does not answer with TLS that can be agreed on`;
}

/** What came was no HTTP, or not compressed as it claimed. The exceptions are answers that merely end too soon. */
function isGarbled(code: string): boolean {
  if (code === 'HPE_INVALID_EOF_STATE' || code === 'Z_BUF_ERROR') return false;
  return code.startsWith('HPE_') || code.startsWith('Z_') || code.startsWith('ERR__ERROR_FORMAT');
}

function findCode(error: unknown): string | undefined {
  // Not instanceof: Node's own errors may come from another realm.
  if (!types.isNativeError(error) || error.name === 'TypeError') return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  // node-fetch's own refusals have a type instead.
  return 'type' in error && typeof error.type === 'string' ? error.type : undefined;
}

/** What a 429 without `Retry-After` is taken to mean for clients, in milliseconds. */
const GUESSED_WAIT_MS = 1_000;

/**
 * What an HTTP status other than 2xx says, whatever the body: it comes from a server in between, since the vendor reports
 * its own failures with 200.
 * @param retryAfterMs what the answer's `Retry-After` asks for.
 */
export function readHttpStatus(status: number, retryAfterMs: number | undefined): GatewayError {
  const fault = `HTTP ${status}`;
  if (status === 429)
    return retryAfterMs === undefined
      ? new UpstreamRateLimitedError(GUESSED_WAIT_MS, { isWaitKnown: false })
      : new UpstreamRateLimitedError(retryAfterMs);
  if (status === 401 || status === 403 || status === 404 || status === 407)
    return new UpstreamMisconfiguredError(`${fault}: check base URL, key and allow-list`, {
      isRefusal: status === 401 || status === 403,
    });
  if (status === 408 || status >= 500)
    return new UpstreamUnavailableError({ fault, retryAfterMs, hasAnswered: true });
  return new UpstreamBadResponseError(`${fault}, expected 2xx`);
}

/** Longest wait that a server may ask of us, in milliseconds. */
const MAX_RETRY_AFTER_MS = 60_000;

/**
 * Reads a `Retry-After` header: seconds, or an HTTP date. A date counts from the answer's own `Date`, so that a clock of
 * ours that is off does no harm.
 * @param now milliseconds since the epoch.
 * @returns milliseconds, 0 to {@link MAX_RETRY_AFTER_MS}; undefined when it says nothing readable.
 */
export function parseRetryAfter(
  retryAfter: string | null,
  date: string | null,
  now: number,
): number | undefined {
  const waitMs = findWait(retryAfter, date, now);
  return waitMs === undefined ? undefined : Math.min(Math.max(waitMs, 0), MAX_RETRY_AFTER_MS);
}

function findWait(retryAfter: string | null, date: string | null, now: number): number | undefined {
  // However many digits: what is too large for a number is Infinity, and so the longest wait.
  if (retryAfter !== null && /^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const answeredAt = parseHttpDate(date, now);
  const retryAt = parseHttpDate(retryAfter, now);
  return answeredAt === undefined || retryAt === undefined ? undefined : retryAt - answeredAt;
}

export const SUCCESS = '0';

/** Says that our timestamp is too far from the vendor's clock. */
export const TIMESTAMP_EXPIRED = '-16';

/** How long to leave the vendor alone after "frequent query", in milliseconds; it names no time itself. */
const FREQUENT_QUERY_WAIT_MS = 500;

/** Statuses that only an operator can fix, and what to look at. */
const MISCONFIGURED: Readonly<Record<string, string>> = {
  '-1': 'authentication error: check API key and secret',
  '-2': "restricted IP: add this host to the vendor's allow-list",
  '-13': 'the user is locked',
  [TIMESTAMP_EXPIRED]: "also for a timestamp of the vendor's own clock",
  '-29': 'the workspace is disabled',
  '-30': 'the API key is disabled',
  '-31': 'this host is not in the IP whitelist',
  '-32': 'the API key may not use this app',
};

/** Of these, those that hold for whatever is asked: it makes no sense to go on asking. */
const REFUSALS: ReadonlySet<string> = new Set(['-1', '-2', '-13', '-29', '-30', '-31']);

/**
 * What a status other than success means. The vendor's `reason` is free text and plays no part.
 * @see the status table of the vendor's page, and those of its sibling endpoints.
 */
export function readVendorStatus(status: string): GatewayError {
  if (Object.hasOwn(MISCONFIGURED, status))
    return new UpstreamMisconfiguredError(`status ${status}, ${MISCONFIGURED[status]}`, {
      isRefusal: REFUSALS.has(status),
    });
  switch (status) {
    case '-15':
      return new UpstreamRateLimitedError(FREQUENT_QUERY_WAIT_MS);
    case '-18':
      return new UpstreamUnavailableError({ fault: 'status -18, system error', hasAnswered: true });
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
