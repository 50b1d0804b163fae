import type { Agent } from 'node:http';
import type { JSONWebKeySet } from 'jose';
import fetch, { FetchError } from 'node-fetch';
import { findErrorCode } from '../domain/error-code.ts';

/** Longest wait for the key set, in milliseconds, and the most that it can be, in bytes. */
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 256 * 1024;

/**
 * Fetches a key set. Rejects with what was wrong, which quotes nothing of the answer.
 * @param agent for an https address: verifies its certificate whatever the environment says, and goes through a proxy
 * where there is one.
 */
export async function fetchKeySet(url: string, agent?: Agent): Promise<JSONWebKeySet> {
  const text = await fetchText(url, agent);
  const keySet = parse(text);
  // A key that both sides know would let whoever reads the set sign.
  return { keys: keySet.keys.filter(({ kty }) => kty !== 'oct') };
}

async function fetchText(url: string, agent?: Agent): Promise<string> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(url, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal,
    size: MAX_BYTES,
    agent,
  }).catch((error: unknown) => {
    if (signal.aborted) throw new Error('no answer in time');
    if (error instanceof FetchError && error.type === 'no-redirect')
      throw new Error('a redirect, which is not followed');
    throw new Error(`no connection (${findErrorCode(error) ?? 'unknown'})`);
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.text().catch((error: unknown) => {
    if (signal.aborted) throw new Error('no answer in time');
    throw new Error(isTooLarge(error) ? `over ${MAX_BYTES} bytes` : 'no whole answer');
  });
}

function isTooLarge(error: unknown): boolean {
  return error instanceof FetchError && error.type === 'max-size';
}

function parse(text: string): JSONWebKeySet {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('no JSON');
  }
  if (isKeySet(value)) return value;
  throw new Error('no key set');
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  if (typeof value !== 'object' || value === null || !('keys' in value) || !Array.isArray(value.keys))
    return false;
  return value.keys.every((key: unknown) => typeof key === 'object' && key !== null && 'kty' in key);
}
