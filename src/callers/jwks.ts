import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { sleep } from '../domain/bounds.ts';
import type { Clock } from '../domain/clock.ts';
import type { Log } from '../domain/log.ts';
import { IdentityUnavailableError } from '../errors/access-errors.ts';

/** Fetches the key set of an identity provider. */
export type FetchKeys = () => Promise<JSONWebKeySet>;

/** The keys of an identity provider, fetched when they are needed. */
export interface Jwks {
  /**
   * Calls back with the keys, and once more with newer ones where a key was missing that those have.
   * @throws {IdentityUnavailableError} when no keys could ever be fetched.
   */
  use<Result>(action: (keys: JWTVerifyGetKey) => Promise<Result>): Promise<Result>;
}

/** How long keys are taken for current, in milliseconds. Then they are fetched again, beside the requests. */
const MAX_AGE_MS = 600_000;
/** Shortest time between two fetches, in milliseconds: whoever names keys that do not exist causes no more than that. */
const MIN_INTERVAL_MS = 1_000;

export function createJwks(fetchKeys: FetchKeys, clock: Clock, log: Pick<Log, 'warn' | 'info'>): Jwks {
  let keys: JWTVerifyGetKey | undefined;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let hasFailed = false;
  let underWay: Promise<void> | undefined;

  async function load(): Promise<void> {
    const waitMs = triedAt + MIN_INTERVAL_MS - clock.monotonicNow();
    if (waitMs > 0) await sleep(clock, waitMs);
    triedAt = clock.monotonicNow();
    try {
      keys = createLocalJWKSet(await fetchKeys());
      fetchedAt = clock.monotonicNow();
      if (hasFailed) log.info({}, 'The keys of the identity provider can be fetched again.');
      hasFailed = false;
    } catch (error) {
      if (!hasFailed)
        log.warn(
          { fault: error instanceof Error ? error.message : typeof error, hasKeys: keys !== undefined },
          'The keys of the identity provider cannot be fetched; those that are known stay.',
        );
      hasFailed = true;
    }
  }

  /** All who need newer keys wait for one fetch. */
  function refresh(): Promise<void> {
    underWay ??= load().finally(() => {
      underWay = undefined;
    });
    return underWay;
  }

  return {
    async use(action) {
      if (keys === undefined) await refresh();
      else if (clock.monotonicNow() - fetchedAt > MAX_AGE_MS && !hasFailed) void refresh();
      else if (hasFailed && clock.monotonicNow() - triedAt > MIN_INTERVAL_MS) void refresh();
      const known = keys;
      if (known === undefined) throw new IdentityUnavailableError();
      try {
        return await action(known);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        await refresh();
        if (keys === known || keys === undefined) throw error;
        return await action(keys);
      }
    },
  };
}
