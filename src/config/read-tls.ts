import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { findErrorCode } from '../domain/error-code.ts';
import { Secret } from '../domain/secret.ts';
import type { TlsConfig } from './config.ts';
import type { Variables } from './variables.ts';

/** Reads the certificate that the listener shows, its key, and whom it asks for one; undefined where it speaks plain HTTP. */
export function readTls(variables: Variables): TlsConfig | undefined {
  const { readText, readFileOf, mistakes } = variables;
  const clientAuthorities = readFileOf('TLS_CLIENT_CA_FILE');
  const names = ['TLS_CERT_FILE', 'TLS_KEY_FILE'];
  const missing = names.filter((name) => readText(name) === undefined);
  if (missing.length === names.length) {
    if (readText('TLS_CLIENT_CA_FILE') !== undefined)
      mistakes.push(
        `TLS_CLIENT_CA_FILE: needs ${names.join(' and ')}, since certificates are shown by HTTPS only`,
      );
    return undefined;
  }
  for (const name of missing) mistakes.push(`${name}: missing; ${names.join(' and ')} come together`);
  const certificate = readFileOf('TLS_CERT_FILE');
  const key = readFileOf('TLS_KEY_FILE');
  const shown = certificate === undefined ? undefined : parse(() => new X509Certificate(certificate));
  const held = key === undefined ? undefined : parse(() => createPrivateKey(key));
  if (certificate !== undefined && shown === undefined)
    mistakes.push('TLS_CERT_FILE: expected a certificate in PEM, and those that vouch for it below');
  if (key !== undefined && held === undefined)
    mistakes.push('TLS_KEY_FILE: expected a private key in PEM, without a passphrase');
  if (clientAuthorities !== undefined && !areCertificates(clientAuthorities))
    mistakes.push('TLS_CLIENT_CA_FILE: expected whole certificates in PEM, and no key');
  if (certificate === undefined || key === undefined || shown === undefined || held === undefined)
    return undefined;
  const fault = findPairFault(certificate, key, shown, held);
  if (fault !== undefined) mistakes.push(fault);
  return { certificate, key: new Secret(key), clientAuthorities };
}

/** OpenSSL leaves out what it cannot read, and would then let nobody in. Text between certificates is for people. */
function areCertificates(text: string): boolean {
  const blocks = text.match(/-----BEGIN [\s\S]*?(?:-----END .*-----|$(?![\s\S]))/g) ?? [];
  return blocks.length > 0 && blocks.every((block) => parse(() => new X509Certificate(block)) !== undefined);
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
