import type { GatewayContext } from '../context.ts';
import type { App } from '../domain/app.ts';
import type { Phone } from '../domain/phone.ts';
import { findApp } from './app.ts';
import { decodeGlobalId } from './global-id.ts';
import { findPhone } from './sip-phone.ts';

/**
 * Finds what a global id stands for; null for an id that is none of ours, or not of the type that was expected.
 * What is asked in one tick becomes one batch: it asks before it first waits.
 * @throws {BadUserInputError} when the id holds what cannot be an app id or an account.
 */
export async function findNode(
  context: GatewayContext,
  id: string,
  argument: string,
  expectedType?: string,
): Promise<App | Phone | null> {
  const key = decodeGlobalId(id);
  if (key === undefined || (expectedType !== undefined && expectedType !== key.type)) return null;
  if (key.type === 'App') return findApp(context, key.appId, argument) ?? null;
  return findPhone(context, key, { appId: argument, account: argument });
}
