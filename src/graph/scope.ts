import type { GatewayContext } from '../context.ts';
import type { Scope } from '../domain/caller.ts';
import { ForbiddenError } from '../errors/access-errors.ts';
import type { Phones } from '../phones/phones.ts';

/** @throws {ForbiddenError} when the caller does not have the scope. */
export function assertScope(context: GatewayContext, scope: Scope): void {
  if (!context.caller.scopes.has(scope)) throw new ForbiddenError(scope);
}

/**
 * The only way from a resolver to the vendor's phones.
 * @throws {ForbiddenError} when the caller may not read phones.
 */
export function getPhones(context: GatewayContext): Phones {
  assertScope(context, 'phones:read');
  return context.phones;
}
