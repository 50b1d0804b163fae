import { Secret } from '../domain/secret.ts';
import type { Variables } from './variables.ts';

/** Finds the proxy through which an address is to be reached; undefined for none. */
export type FindProxy = (url: string | undefined) => Secret | undefined;

/** Reads the outbound proxy. Plain http never goes through it. */
export function readProxy({ readText, mistakes }: Variables): FindProxy {
  const text = readText('HTTPS_PROXY') ?? readText('https_proxy');
  const excepted = readText('NO_PROXY') ?? readText('no_proxy') ?? '';
  if (text === undefined) return () => undefined;
  // As other programs read it: an address without a scheme is that of an http proxy.
  const address = text.includes('://') ? text : `http://${text}`;
  if (!/^https?:/i.test(address) || !URL.canParse(address)) {
    // Not the address itself: it may hold a password.
    mistakes.push('HTTPS_PROXY: expected an address such as http://proxy.example.com:3128');
    return () => undefined;
  }
  return (url) => {
    if (url === undefined || !URL.canParse(url)) return undefined;
    const target = new URL(url);
    return target.protocol !== 'https:' || isExcepted(target, excepted) ? undefined : new Secret(address);
  };
}

/** NO_PROXY lists hosts, domains with all that is below them, or `*`; each may name a port. */
function isExcepted({ hostname, port }: URL, list: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      const [, name = '', entryPort] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(entry) ?? [];
      const domain = name.replace(/^\*?\./, '');
      if (domain === '' || (entryPort !== undefined && entryPort !== (port || '443'))) return false;
      return domain === '*' || host === domain || host.endsWith(`.${domain}`);
    });
}
