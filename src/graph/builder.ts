import SchemaBuilder from '@pothos/core';
import DirectivesPlugin from '@pothos/plugin-directives';
import FederationPlugin from '@pothos/plugin-federation';
import type { GatewayContext } from '../context.ts';
import type { Scope } from '../domain/caller.ts';

/**
 * Where the nouns beside this file register their types; `schema.ts` makes schemas of it. Intentionally without the
 * relay plugin: its ids, its node loaders and its offsets each promise less than ours do.
 */
export const builder = new SchemaBuilder<{
  Context: GatewayContext;
  FederationScopes: Scope;
  Scalars: { ID: { Input: string; Output: string } };
}>({
  plugins: [DirectivesPlugin, FederationPlugin],
});
