import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { findErrorCode } from '../domain/error-code.ts';
import { Secret } from '../domain/secret.ts';
import type { TlsConfig } from './config.ts';
import type { Variables } from './variables.ts';

/** Reads the certificate that the listener shows, and its key; undefined where it speaks plain HTTP. */
export function readTls(variables: Variables): TlsConfig | undefined {
  const { readText, readFileOf, mistakes } = variables;
  const names = ['TLS_CERT_FILE', 'TLS_KEY_FILE'];
  const missing = names.filter((name) => readText(name) === undefined);
  if (missing.length === names.length) return undefined;
  for (const name of missing) mistakes.push(`${name}: missing; ${names.join(' and ')} come together`);
  const certificate = readFileOf('TLS_CERT_FILE');
  const key = readFileOf('TLS_KEY_FILE');
  const shown = certificate === undefined ? undefined : parse(() => new X509Certificate(certificate));
  const held = key === undefined ? undefined : parse(() => createPrivateKey(key));
  if (certificate !== undefined && shown === undefined)
    mistakes.push('TLS_CERT_FILE: expected a certificate in PEM, and those that vouch for it below');
  if (key !== undefined && held === undefined)
    mistakes.push('TLS_KEY_FILE: expected a private key in PEM, without a passphrase');
  if (certificate === undefined || key === undefined || shown === undefined || held === undefined)
    return undefined;
  const fault = findPairFault(certificate, key, shown, held);
  if (fault !== undefined) mistakes.push(fault);
  return { certificate, key: new Secret(key) };
}

/** @returns undefined for a text that is none. What OpenSSL says of it helps nobody, and it may quote it. */
function parse<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function findPairFault(
  cert: string,
  key: string,
  shown: X509Certificate,
  held: KeyObject,
): string | undefined {
  if (!shown.checkPrivateKey(held)) return 'TLS_KEY_FILE: not the key of the certificate in TLS_CERT_FILE';
  try {
    createSecureContext({ cert, key });
    return undefined;
  } catch (error) {
    // A key that is too short, say, or a fault further down in the chain.
    return `TLS_CERT_FILE: OpenSSL refuses it (${findErrorCode(error) ?? 'unknown'})`;
  }
}
