import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

/** An identity provider with keys that come and go. */
export interface IdentityProvider {
  /** The variables that make a gateway take its tokens. */
  readonly variables: Readonly<Record<string, string>>;
  /** How often its keys were fetched. */
  readonly fetchCount: number;
  /** Keys that are served beside the newest. */
  otherKeys: readonly JWK[];
  /** Whether its keys can be fetched. */
  isUp: boolean;
  /** Whether it sends whoever fetches them elsewhere. */
  redirects: boolean;
  /** Makes a key, serves it in the place of the others, and signs with it from now on. */
  rotate(): Promise<void>;
  /** Signs with the newest key. @param changes claims over those that a gateway expects; null leaves one out. */
  issue(
    changes?: Readonly<Record<string, unknown>>,
    header?: { kid?: string; alg?: string },
  ): Promise<string>;
  close(): Promise<void>;
}

const ISSUER = 'https://login.example.com/';
const AUDIENCE = 'itnio-gateway';

export async function createIdentityProvider(): Promise<IdentityProvider> {
  let fetchCount = 0;
  let keyCount = 0;
  let served: JWK[] = [];
  let privateKey: CryptoKey;
  let kid = '';
  const server = createServer((_, response) => {
    fetchCount += 1;
    if (provider.redirects) response.writeHead(302, { location: '/elsewhere' }).end();
    else if (!provider.isUp) response.writeHead(503).end();
    else response.end(JSON.stringify({ keys: [...served, ...provider.otherKeys] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const provider: IdentityProvider = {
    variables: {
      JWT_ISSUER: ISSUER,
      JWT_AUDIENCE: AUDIENCE,
      JWT_JWKS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    },
    get fetchCount() {
      return fetchCount;
    },
    otherKeys: [],
    isUp: true,
    redirects: false,
    async rotate() {
      kid = `key-${++keyCount}`;
      const pair = await generateKeyPair('ES256');
      privateKey = pair.privateKey;
      served = [{ ...(await exportJWK(pair.publicKey)), kid, alg: 'ES256', use: 'sig' }];
    },
    issue(changes = {}, header = {}) {
      const claims: JWTPayload = {
        iss: ISSUER,
        aud: AUDIENCE,
        sub: 'alice',
        exp: Math.floor(Date.now() / 1000) + 3600,
        scope: 'openid phones:read',
        ...changes,
      };
      for (const name of Object.keys(claims)) if (claims[name] === null) delete claims[name];
      return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid, ...header }).sign(privateKey);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await provider.rotate();
  return provider;
}
