import type { GatewayContext } from '../context.ts';
import type { App } from '../domain/app.ts';
import type { Phone } from '../domain/phone.ts';
import { BadUserInputError } from '../errors/argument-errors.ts';
import { QueryLimitError } from '../errors/request-errors.ts';
import { findApp } from './app.ts';
import { MAX_LIST_LENGTH } from './argument.ts';
import { findNode } from './global-node.ts';
import { findPhone } from './sip-phone.ts';

/**
 * Resolves `_entities`. Apollo's own resolver is replaced: it fails the whole list for one type that it does not know,
 * and writes `__typename` into rows, which are shared here.
 * @throws {QueryLimitError} QUERY_TOO_MANY_ENTITIES, before anything is looked up.
 */
export function resolveEntities(
  _root: unknown,
  { representations }: { readonly representations: readonly unknown[] },
  context: GatewayContext,
): Promise<App | Phone | null>[] {
  if (representations.length > MAX_LIST_LENGTH)
    throw new QueryLimitError(
      'QUERY_TOO_MANY_ENTITIES',
      `There are ${representations.length} representations in "_entities"`,
      MAX_LIST_LENGTH,
    );
  return representations.map((representation) => findEntity(context, representation));
}

/**
 * Finds what a router's representation stands for: `__typename` beside one of the keys of that type. Null for a type
 * that is no entity here.
 * @throws {BadUserInputError} when it has none of the keys, or one that cannot be right.
 */
async function findEntity(context: GatewayContext, representation: unknown): Promise<App | Phone | null> {
  const { __typename: type, id, appId, account } = parseRepresentation(representation);
  if (type !== 'App' && type !== 'SipPhone') return null;
  if (typeof id === 'string') return findNode(context, id, 'representations', type);
  if (typeof appId === 'string' && type === 'App') return findApp(context, appId) ?? null;
  if (typeof appId === 'string' && typeof account === 'string') return findPhone(context, { appId, account });
  throw new BadUserInputError('representations', `must give each ${type} a key of its type`);
}

interface Representation {
  readonly __typename?: unknown;
  readonly id?: unknown;
  readonly appId?: unknown;
  readonly account?: unknown;
}

function parseRepresentation(representation: unknown): Representation {
  if (typeof representation === 'object' && representation !== null) return representation;
  throw new BadUserInputError('representations', 'must be objects');
}
