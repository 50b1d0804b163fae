import { hkdfSync } from 'node:crypto';
import { Secret } from '../domain/secret.ts';
import type { Upstream } from './config.ts';
import type { Variables } from './variables.ts';

const MIN_CURSOR_KEY_LENGTH = 32;

/** Reads the keys of cursors: without any, one is derived from the API secret, so that replicas agree. */
export function readCursorKeys(variables: Variables, upstream: Upstream | undefined): readonly Secret[] {
  const { mistakes } = variables;
  const text = variables.readSecret('CURSOR_KEYS')?.reveal();
  const keys = text?.split(',').map((key) => key.trim()) ?? [];
  if (keys.some((key) => key.length < MIN_CURSOR_KEY_LENGTH))
    mistakes.push(`CURSOR_KEYS: a key needs at least ${MIN_CURSOR_KEY_LENGTH} characters`);
  if (new Set(keys).size < keys.length) mistakes.push('CURSOR_KEYS: the same key twice');
  if (keys.length > 0) return keys.map((key) => new Secret(key));
  return [deriveCursorKey(upstream?.apiSecret ?? new Secret('sandbox'))];
}

/** Equal on every replica that shares the API secret, and tells nothing about it. */
function deriveCursorKey(apiSecret: Secret): Secret {
  const key = hkdfSync('sha256', apiSecret.reveal(), '', 'itnio-graphql-gateway cursors', 32);
  return new Secret(Buffer.from(key).toString('hex'));
}
