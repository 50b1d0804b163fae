import { type Finding, fault, ok, WHO } from './finding.ts';

/**
 * Fetches the keys of the identity provider once, and says what came of it.
 * @param fetchKeys rejects with what was wrong, which quotes nothing of the answer.
 */
export async function examineIdentityProvider(
  fetchKeys: () => Promise<{ readonly keys: readonly object[] }>,
  jwksUrl: string,
): Promise<Finding> {
  const { host } = new URL(jwksUrl);
  let keyCount: number;
  try {
    keyCount = (await fetchKeys()).keys.length;
  } catch (error) {
    return fault(
      `The keys of the identity provider at ${host} cannot be fetched: ${error instanceof Error ? error.message : 'unknown'}.`,
      'Check JWT_JWKS_URL, and the way there: a proxy by HTTPS_PROXY and NO_PROXY, an authority of your own by NODE_EXTRA_CA_CERTS in the environment.',
      WHO.OPERATOR,
    );
  }
  if (keyCount > 0)
    return ok(`The identity provider at ${host} has ${keyCount} ${keyCount === 1 ? 'key' : 'keys'}.`);
  return fault(
    `The identity provider at ${host} has no key that a JWT could be verified by.`,
    'Check JWT_JWKS_URL. Keys that both sides would know are not taken.',
    WHO.OPERATOR,
  );
}
