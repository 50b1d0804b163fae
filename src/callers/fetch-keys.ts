import type { JSONWebKeySet } from 'jose';

/** Longest wait for the key set, in milliseconds, and the most that it can be, in bytes. */
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 256 * 1024;

/** Fetches a key set. Rejects with what was wrong, which quotes nothing of the answer. */
export async function fetchKeySet(url: string): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new Error(
      error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'no connection',
    );
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const keySet = parse(await readText(response));
  // A key that both sides know would let whoever reads the set sign.
  return { keys: keySet.keys.filter(({ kty }) => kty !== 'oct') };
}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new Error(`over ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
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
