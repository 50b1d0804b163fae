import type { GraphQLResolveInfo } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { App } from '../domain/app.ts';
import type { Phone } from '../domain/phone.ts';
import { BadUserInputError } from '../errors/argument-errors.ts';
import { QueryTooExpensiveError, TooManyEntitiesError } from '../errors/request-errors.ts';
import { findApp } from './app.ts';
import { assertAccount } from './argument.ts';
import { decodeGlobalId } from './global-id.ts';
import { findNode } from './global-node.ts';
import { type SelectionInfo, someSelectedField } from './selected-fields.ts';
import { findPhone } from './sip-phone.ts';

/**
 * Resolves `_entities`. Apollo's own resolver is replaced: it fails the whole list for one type that it does not know,
 * and writes `__typename` into rows, which are shared here. Representations are taken in order while the answer may hold
 * them and the request may make calls for them; each of those beyond fails in its place, with QUERY_TOO_MANY_ENTITIES.
 */
export function resolveEntities(
  _root: unknown,
  { representations }: { readonly representations: readonly unknown[] },
  context: GatewayContext,
  info: SelectionInfo & Pick<GraphQLResolveInfo, 'path'>,
): (Promise<Entity | null> | Error)[] {
  const count = context.objects.countEntities(String(info.path.key));
  context.objects.spend(Math.min(count, representations.length));
  const needsPhone = someSelectedField(info, (name) => !KEY_FIELDS.has(name), PHONE_TYPES);
  return representations.map((representation, index) =>
    index < count
      ? findEntity(context, representation, needsPhone).catch(failInItsPlace)
      : new TooManyEntitiesError(),
  );
}

/** Says of an entity that there are no calls for any more, what is said of one that there is no room for. */
function failInItsPlace(error: unknown): never {
  throw error instanceof QueryTooExpensiveError ? new TooManyEntitiesError() : error;
}

/**
 * Finds what a router's representation stands for: `__typename` beside one of the keys of that type. Null for a type
 * that is no entity here.
 * @param needsPhone false where the selection follows from the key of a phone: the vendor is not asked then.
 * @throws {BadUserInputError} when it has none of the keys, or one that cannot be right.
 */
async function findEntity(
  context: GatewayContext,
  representation: unknown,
  needsPhone: boolean,
): Promise<Entity | null> {
  const { __typename: type, id, appId, account } = parseRepresentation(representation);
  if (type !== 'App' && type !== 'SipPhone') return null;
  if (typeof id === 'string' && (type === 'App' || needsPhone))
    return findNode(context, id, 'representations', type);
  if (typeof id === 'string') return readPhoneId(context, id);
  if (typeof appId === 'string' && type === 'App') return findApp(context, appId) ?? null;
  if (typeof appId === 'string' && typeof account === 'string')
    return needsPhone ? findPhone(context, { appId, account }) : readPhoneKey(context, { appId, account });
  throw new BadUserInputError('representations', `must give each ${type} a key of its type`);
}

/** A phone that is known by its key alone: nothing says that the vendor has it. */
type PhoneKey = Pick<Phone, 'appId' | 'account'>;

type Entity = App | Phone | PhoneKey;

/** What follows from the key of a phone, so that another subgraph's data about it survives whatever the vendor does. */
const KEY_FIELDS: ReadonlySet<string> = new Set(['__typename', 'id', 'appId', 'account', 'app']);

/** The type of a phone, and what it belongs to. */
const PHONE_TYPES: ReadonlySet<string> = new Set(['SipPhone', 'Node', '_Entity']);

function readPhoneId(context: GatewayContext, id: string): PhoneKey | null {
  const key = decodeGlobalId(id);
  if (key?.type !== 'SipPhone') return null;
  return readPhoneKey(context, key, { appId: 'representations', account: 'representations' });
}

/** @throws {BadUserInputError} when the app id or the account cannot be one. */
function readPhoneKey(
  context: GatewayContext,
  { appId, account }: PhoneKey,
  argumentNames = { appId: 'appId', account: 'account' },
): PhoneKey | null {
  const app = findApp(context, appId, argumentNames.appId);
  assertAccount(argumentNames.account, account);
  return app === undefined ? null : { appId, account };
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
