import { serveBilling } from '../../examples/supergraph/billing.js';
import { compose } from '../../examples/supergraph/compose.js';
import { createToken } from '../../src/callers/token.ts';
import { serveGateway } from '../support/served-gateway.ts';

/** A list of `count` phones for the sandbox. */
export function createAppContent(appId, count) {
  return {
    appId,
    name: `${appId} name`,
    phones: Array.from({ length: count }, (_, index) => ({
      account: `${appId}_${index}`,
      phoneName: `phone ${index}`,
      groupName: 'group',
      displayNum: `86${index}`,
      password: `password ${index}`,
    })),
  };
}

/** A caller with a token of its own, and the entry that admits it. */
export function createCaller(name, { scopes = ['phones:read'], apps } = {}) {
  const bytes = Buffer.alloc(32, name);
  const { token, line } = createToken({ name, scopes, apps }, () => bytes);
  return { entry: JSON.parse(line), authorization: `Bearer ${token}` };
}

/**
 * Serves the gateway in front of a sandbox of its own, billing beside it, and the router that `serveRouter` makes of
 * their supergraph. The first caller, where there are any, composes it.
 */
export async function serveSupergraph(serveRouter, { apps, callers = [], variables = {} }) {
  const gateway = await serveGateway({
    apps,
    variables: {
      PHONES_CACHE_TTL_MS: '0',
      ...(callers.length > 0 ? { CALLERS: JSON.stringify(callers.map(({ entry }) => entry)) } : {}),
      ...variables,
    },
  });
  const phones = apps.flatMap(({ appId, phones }) =>
    phones.map(({ account }) => ({
      appId,
      account,
      id: Buffer.from(`SipPhone:${appId.length}:${appId}${account}`).toString('base64url'),
    })),
  );
  const billing = await serveBilling(phones);
  const [composer] = callers;
  const introspect = composer && { authorization: composer.authorization };
  const supergraphSdl = await compose([
    { name: 'phones', url: gateway.url, headers: introspect },
    { name: 'billing', url: billing.url },
  ]);
  const router = await serveRouter(supergraphSdl);
  gateway.sandbox.calls.reset();

  return {
    gateway,
    billing,
    supergraphSdl,
    async ask(query, variables = {}, headers = {}) {
      const response = await fetch(router.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      });
      return response.json();
    },
    async close() {
      await router.close();
      await billing.close();
      await gateway.close();
    },
  };
}
