import { isLoopbackAddress } from '../domain/loopback.ts';
import { Secret } from '../domain/secret.ts';
import { parseAppList } from './app-list.ts';
import type { Upstream } from './config.ts';
import { HIDDEN_CHARACTER } from './hidden-character.ts';
import type { Variables } from './variables.ts';

const DEFAULT_BASE_URL = 'https://api.itniotech.com/voice';
/** The key that the vendor's own page shows: whoever sends it in clear gives nothing away. */
const PUBLISHED_API_KEY = 'bDqJFiq9';
/** What a header cannot carry and the vendor's console never gives out. */
const NOT_PRINTABLE_ASCII = /[^\x21-\x7e]/;

/** Reads the vendor account; undefined when none is configured. */
export function readUpstream(variables: Variables): Upstream | undefined {
  const { mistakes } = variables;
  const apiKey = readCredential(variables, 'ITNIO_API_KEY');
  const apiSecret = readCredential(variables, 'ITNIO_API_SECRET');
  const baseUrl = readBaseUrl(variables, apiKey);
  const items = variables.readList('ITNIO_APPS');
  const { apps, faults } = parseAppList(items ?? []);
  mistakes.push(...faults.map((fault) => `ITNIO_APPS: ${fault}`));

  if (apiKey === undefined && apiSecret === undefined) {
    for (const name of ['ITNIO_BASE_URL', 'ITNIO_APPS'])
      if (variables.readText(name) !== undefined)
        mistakes.push(`${name}: has no effect without ITNIO_API_KEY and ITNIO_API_SECRET`);
    return undefined;
  }
  if (apiKey === undefined) mistakes.push('ITNIO_API_KEY: missing, though ITNIO_API_SECRET is set');
  if (apiSecret === undefined) mistakes.push('ITNIO_API_SECRET: missing, though ITNIO_API_KEY is set');
  if (items === undefined)
    mistakes.push('ITNIO_APPS: missing; list the apps to serve as "id=Name,id", or "*" for any');
  // A half is reported above; the rest is still read, so that all mistakes are found at once.
  const missing = new Secret('');
  return { baseUrl, apiKey: apiKey ?? missing, apiSecret: apiSecret ?? missing, apps };
}

function readCredential({ readSecret, mistakes }: Variables, name: string): Secret | undefined {
  const secret = readSecret(name);
  // What cannot be seen has been named already.
  const text = secret?.reveal().replaceAll(new RegExp(HIDDEN_CHARACTER, 'gu'), '') ?? '';
  if (NOT_PRINTABLE_ASCII.test(text))
    mistakes.push(`${name}: expected printable ASCII characters without blanks`);
  return secret;
}

function readBaseUrl({ readText, mistakes }: Variables, apiKey: Secret | undefined): string {
  const text = readText('ITNIO_BASE_URL') ?? DEFAULT_BASE_URL;
  const url = /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  const isSafe =
    url?.protocol === 'https:' || apiKey?.reveal() === PUBLISHED_API_KEY || isLoopbackName(url?.hostname);
  if (url === undefined || !isSafe)
    mistakes.push('ITNIO_BASE_URL: expected an https address, or http on a loopback address');
  else if (/[?#@]/.test(text))
    mistakes.push('ITNIO_BASE_URL: expected an address without user, query or fragment');
  else if (/\/sipQuery\/*$/i.test(url.pathname))
    mistakes.push('ITNIO_BASE_URL: expected the address without "/sipQuery", which is added to it');
  return (url?.href ?? text).replace(/\/+$/, '');
}

function isLoopbackName(hostname = ''): boolean {
  return hostname === 'localhost' || isLoopbackAddress(hostname.replace(/^\[|\]$/g, ''));
}
