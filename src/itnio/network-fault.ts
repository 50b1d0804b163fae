import { types } from 'node:util';
import {
  UpstreamBadResponseError,
  UpstreamMisconfiguredError,
  UpstreamUnavailableError,
} from '../errors/upstream-errors.ts';

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

/**
 * What went wrong below HTTP, by the error's code alone: its message may hold an address or a piece of the answer, so
 * neither it nor the error goes any further. An error without a code is a bug of ours and is handed back as it is.
 */
export function createNetworkError(error: unknown): unknown {
  const code = findCode(error);
  if (code === undefined) return error;
  if (code === 'no-redirect' || code === 'invalid-redirect')
    return new UpstreamBadResponseError('redirect: expected an answer');
  if (CERTIFICATE_FAULTS.has(code))
    return new UpstreamMisconfiguredError(`${code}: the certificate of the base URL cannot be verified`);
  // No TLS at the other end, or none in common: plain HTTP behind an https address is the usual way to it.
  if (code === 'EPROTO')
    return new UpstreamMisconfiguredError(
      `${code}: the base URL does not answer with TLS that can be agreed on`,
    );
  if (isGarbled(code)) return new UpstreamBadResponseError(`${code}: expected HTTP`, { mayPass: true });
  return new UpstreamUnavailableError({ fault: code });
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
