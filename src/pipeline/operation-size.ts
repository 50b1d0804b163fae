import type { OperationDefinitionNode } from 'graphql';
import { type FoldTerms, foldSelections } from './fold-selections.ts';

/** How large an operation is, its fragments spread out. */
export interface OperationSize {
  /** Fields inside fields, leaves included; what is below `__schema` and `__type` is not counted. */
  readonly depth: number;
  /** Those on and below `_entities` are a router's, which merges what many have asked, and are not counted. */
  readonly aliases: number;
  readonly directives: number;
  /** Without `_entities`, which counts by its representations. */
  readonly rootFields: number;
}

export function measureOperation(operation: OperationDefinitionNode, terms: FoldTerms): OperationSize {
  const size = foldSelections<OperationSize>(operation.selectionSet, terms, {
    nothing: { depth: 0, aliases: 0, directives: 0, rootFields: 0 },
    add: (left, right) => ({
      depth: Math.max(left.depth, right.depth),
      aliases: left.aliases + right.aliases,
      directives: left.directives + right.directives,
      rootFields: left.rootFields + right.rootFields,
    }),
    measure(selection, inside) {
      const directives = inside.directives + (selection.directives?.length ?? 0);
      if (selection.kind !== 'Field') return { ...inside, directives };
      const name = selection.name.value;
      const isIntrospection = name === '__schema' || name === '__type';
      const isEntities = name === '_entities';
      return {
        depth: 1 + (isIntrospection ? 0 : inside.depth),
        aliases: isEntities ? 0 : inside.aliases + (selection.alias === undefined ? 0 : 1),
        directives,
        rootFields: isEntities ? 0 : 1,
      };
    },
  });
  return { ...size, directives: size.directives + (operation.directives?.length ?? 0) };
}
