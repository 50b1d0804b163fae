import { printSubgraphSchema } from '@apollo/subgraph';
import { type FieldDefinitionNode, type GraphQLSchema, parse, print, visit } from 'graphql';

/** What a router is told of this graph. What is served does not change with it. */
export interface SubgraphOptions {
  /**
   * `Query.node` and `Query.nodes` in the supergraph, which no two subgraphs can answer for each other: `off` leaves
   * them out, `hidden` declares them `@shareable @inaccessible`, `on` claims them for this subgraph alone.
   * Defaults to `off`, which composes with everything.
   */
  readonly node?: 'off' | 'hidden' | 'on';
  /**
   * Whether the router is asked to enforce the scopes too, by `@requiresScopes`. Defaults to false: not every router
   * takes a supergraph that has it, and each field is checked here in any case.
   */
  readonly requiresScopes?: boolean;
}

/**
 * Prints the SDL that a router composes: of a schema that holds every directive that an option can ask for, what was
 * asked for.
 */
export function printSubgraphSdl(schema: GraphQLSchema, options: SubgraphOptions = {}): string {
  const { node = 'off', requiresScopes = false } = options;
  const unwanted = [
    ...(node === 'hidden' ? [] : ['@inaccessible']),
    ...(requiresScopes ? [] : ['@requiresScopes']),
  ];
  const document = visit(parse(printSubgraphSchema(schema)), {
    FieldDefinition(field) {
      if (node === 'hidden' || !isInaccessible(field)) return undefined;
      return node === 'off' ? null : { ...field, directives: [] };
    },
    Directive: ({ name }) => (unwanted.includes(`@${name.value}`) ? null : undefined),
    // The names that `@link` imports.
    StringValue: ({ value }) => (unwanted.includes(value) ? null : undefined),
  });
  return `${print(document)}\n`;
}

/** Only `Query.node` and `Query.nodes` are marked so in the graph. */
function isInaccessible({ directives = [] }: FieldDefinitionNode): boolean {
  return directives.some(({ name }) => name.value === 'inaccessible');
}
