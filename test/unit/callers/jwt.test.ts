import { describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { createJwks } from '../../../src/callers/jwks.ts';
import { createJwtCallers } from '../../../src/callers/jwt.ts';
import { UnauthenticatedError } from '../../../src/errors/access-errors.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const LOG = { warn() {}, info() {} };
const RULES = { issuer: 'issuer', audience: 'audience', scopesClaim: 'scope', appsClaim: undefined };

async function createCallers(alg = 'ES256') {
  const clock = createManualClock();
  const { publicKey, privateKey } = await generateKeyPair(alg);
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'key', alg }];
  const fetchedAt: number[] = [];
  const fetchKeys = async () => {
    fetchedAt.push(clock.monotonicNow());
    return { keys };
  };
  const issue = (claims: JWTPayload = {}, kid = 'key') =>
    new SignJWT({ iss: 'issuer', aud: 'audience', sub: 'alice', exp: 3600, ...claims })
      .setProtectedHeader({ alg, kid })
      .sign(privateKey);
  return { clock, fetchedAt, issue, ...createJwtCallers(RULES, createJwks(fetchKeys, clock, LOG), clock) };
}

describe('createJwtCallers', () => {
  it.each([
    ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
    ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
  ])('takes a token that is signed by %s', async (alg) => {
    const { issue, verify } = await createCallers(alg);
    await expect(verify(await issue())).resolves.toMatchObject({ name: 'jwt:alice' });
  });

  it.each(['HS256', 'HS384', 'HS512'])(
    'takes none that is signed by %s, even where the keys of the provider would verify it',
    async (alg) => {
      const clock = createManualClock();
      // What is public of the provider, taken for a secret that both sides know.
      const secret = new TextEncoder().encode(
        '-----BEGIN PUBLIC KEY----- of the identity provider'.repeat(2),
      );
      const token = await new SignJWT({ iss: 'issuer', aud: 'audience', sub: 'alice', exp: 3600 })
        .setProtectedHeader({ alg })
        .sign(secret);
      const { verify, find } = createJwtCallers(RULES, { use: (verifyBy) => verifyBy(() => secret) }, clock);
      await expect(verify(token)).rejects.toThrow(UnauthenticatedError);
      expect(find(token)).toBeUndefined();
    },
  );

  it.each([
    ['its end and 30 seconds, where that comes first', 10, 40_000],
    ['a minute, where its end is further', 3600, 60_000],
  ])('remembers a token until %s', async (_, exp, untilMs) => {
    const { clock, issue, verify, find } = await createCallers();
    const token = await issue({ exp });
    const caller = await verify(token);
    await clock.advance(untilMs - 1);
    expect(find(token)).toBe(caller);
    await clock.advance(1);
    expect(find(token)).toBeUndefined();
  });

  it('takes a token for 30 seconds beyond its end, and no longer', async () => {
    const { clock, issue, verify } = await createCallers();
    const token = await issue({ exp: 10 });
    await clock.advance(39_000);
    await expect(verify(token)).resolves.toMatchObject({ name: 'jwt:alice' });
    await clock.advance(1_000);
    await expect(verify(token)).rejects.toThrow(UnauthenticatedError);
  });

  it('asks the provider once a second at most, whatever keys are named', async () => {
    const { clock, fetchedAt, issue, verify } = await createCallers();
    await verify(await issue());
    const tokens = await Promise.all(Array.from({ length: 50 }, (_, n) => issue({}, `made-up-${n}`)));
    for (let round = 0; round < 5; round++) {
      const refused = tokens
        .slice(round * 10, round * 10 + 10)
        .map((token) => expect(verify(token)).rejects.toThrow(UnauthenticatedError));
      await clock.advance(1_000);
      await Promise.all(refused);
    }
    expect(fetchedAt).toEqual([0, 1_000, 2_000, 3_000, 4_000, 5_000]);
  });
});
