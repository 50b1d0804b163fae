import type { Caller } from '../domain/caller.ts';
import type { Secret } from '../domain/secret.ts';
import { UnauthenticatedError } from '../errors/access-errors.ts';
import type { JwtCallers } from './jwt.ts';
import type { CallerRegistry } from './registry.ts';

/** What a request says about who sends it. */
export interface Credentials {
  /** The header `authorization`, whole. */
  readonly authorization: Secret | undefined;
  /** The header `x-itnio-user-token`: for whom a router asks. */
  readonly userToken?: Secret | undefined;
}

/** Knows who asks, whatever the kind of token. */
export interface Identities {
  /**
   * Finds who asks: at once, or with a promise where a token has to be verified.
   * @throws {UnauthenticatedError | IdentityUnavailableError}, or rejects with them, when the request is not to be answered.
   */
  identify(credentials: Credentials): Caller | Promise<Caller>;
}

/** Three parts with dots between; tokens of our own have none. */
const JWT = /^(?:Bearer|token) +([\w-]+\.[\w-]+\.[\w-]*) *$/i;

/** @param getJwt gives undefined where no identity provider is configured. */
export function createIdentities(
  getRegistry: () => CallerRegistry,
  getJwt: () => JwtCallers | undefined,
): Identities {
  const restricted = new WeakMap<Caller, WeakMap<Caller, Caller>>();

  /** The user at a router: what both may do. */
  function restrict(router: Caller, user: Caller): Caller {
    const known = restricted.get(router) ?? new WeakMap<Caller, Caller>();
    restricted.set(router, known);
    const caller = known.get(user) ?? intersect(router, user);
    known.set(user, caller);
    return caller;
  }

  function identifyUser(router: Caller, userToken: Secret): Caller | Promise<Caller> {
    if (router.forwardsUser !== true) throw new UnauthenticatedError(NO_ROUTER);
    const jwt = getJwt();
    const token = readToken(userToken);
    if (token === undefined || jwt === undefined) throw new UnauthenticatedError(BAD_USER_TOKEN);
    const user = jwt.find(token);
    return user === undefined
      ? jwt.verify(token).then((verified) => restrict(router, verified))
      : restrict(router, user);
  }

  return {
    identify({ authorization, userToken }) {
      const jwt = getJwt();
      const token = jwt && authorization && JWT.exec(authorization.reveal())?.[1];
      if (jwt !== undefined && token !== undefined) {
        if (userToken !== undefined) throw new UnauthenticatedError(NO_ROUTER);
        return jwt.find(token) ?? jwt.verify(token);
      }
      const caller = getRegistry().identify(authorization);
      if (userToken !== undefined) return identifyUser(caller, userToken);
      return caller.forwardsUser === true ? restrict(caller, NO_USER) : caller;
    },
  };
}

const NO_ROUTER = 'The header x-itnio-user-token is taken from routers only.';
const BAD_USER_TOKEN = 'The header x-itnio-user-token needs the valid JWT of a user.';

/** For whom a router asks that names nobody: it reads the schema, and no phone. */
const NO_USER: Caller = { name: '', scopes: new Set() };

function readToken(userToken: Secret): string | undefined {
  return /^(?:Bearer +)?([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(userToken.reveal().trim())?.[1];
}

function intersect(router: Caller, user: Caller): Caller {
  const appIds = intersectApps(router.appIds, user.appIds);
  return {
    ...router,
    scopes: new Set([...router.scopes].filter((scope) => user.scopes.has(scope))),
    ...(appIds === undefined ? {} : { appIds }),
    ...(user.name === '' ? {} : { user: user.name }),
  };
}

function intersectApps(
  first: ReadonlySet<string> | undefined,
  second: ReadonlySet<string> | undefined,
): ReadonlySet<string> | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return new Set([...first].filter((appId) => second.has(appId)));
}
