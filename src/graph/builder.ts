import SchemaBuilder from '@pothos/core';
import DirectivesPlugin from '@pothos/plugin-directives';
import type { GatewayContext } from '../context.ts';
import type { Scope } from '../domain/caller.ts';

/** The directives of the two SDL files. @see https://specs.apollo.dev/federation/v2.9 */
type SdlDirectives = {
  readonly key: { readonly locations: 'OBJECT'; readonly args: { readonly fields: string } };
  readonly shareable: {
    readonly locations: 'OBJECT' | 'FIELD_DEFINITION';
    readonly args: Record<never, never>;
  };
  readonly inaccessible: { readonly locations: 'FIELD_DEFINITION'; readonly args: Record<never, never> };
  /** Not of federation: for clients. Null only beside an error. */
  readonly semanticNonNull: { readonly locations: 'FIELD_DEFINITION'; readonly args: Record<never, never> };
  readonly tag: { readonly locations: 'FIELD_DEFINITION'; readonly args: { readonly name: string } };
  readonly requiresScopes: {
    readonly locations: 'FIELD_DEFINITION';
    readonly args: { readonly scopes: readonly (readonly Scope[])[] };
  };
  readonly cost: {
    readonly locations: 'ARGUMENT_DEFINITION' | 'FIELD_DEFINITION';
    readonly args: { readonly weight: number };
  };
  readonly listSize: {
    readonly locations: 'FIELD_DEFINITION';
    readonly args: {
      readonly assumedSize?: number;
      readonly slicingArguments?: readonly string[];
      readonly sizedFields?: readonly string[];
      readonly requireOneSlicingArgument?: boolean;
    };
  };
};

/**
 * Where the nouns beside this file register their types; `schema.ts` makes schemas of it. Intentionally without the
 * relay plugin: its ids, its node loaders and its offsets each promise less than ours do. And without the federation
 * plugin, which would bring a package under a license of its own: decision 007.
 */
export const builder = new SchemaBuilder<{
  Context: GatewayContext;
  Directives: SdlDirectives;
  Scalars: { ID: { Input: string; Output: string } };
}>({
  plugins: [DirectivesPlugin],
});

/** Null only beside an error. */
export const SEMANTIC_NON_NULL = { name: 'semanticNonNull' as const, args: {} };

/**
 * What a field or an argument weighs for routers that plan by cost, in the unit that they give an object: 1. A vendor
 * call weighs 10. A field that is a list itself has its weight on an argument, since routers multiply that of the field
 * by its size.
 * @see docs/decisions/075-what-a-field-weighs.md
 */
const WEIGHTS = { vendorCall: 10, wholeList: 25, password: 1 } as const;

export function costs(what: keyof typeof WEIGHTS) {
  return { name: 'cost' as const, args: { weight: WEIGHTS[what] } };
}

/** Asks a router to enforce a scope. Each field is checked here in any case. */
export function requireScope(scope: Scope) {
  return { name: 'requiresScopes' as const, args: { scopes: [[scope]] } };
}
