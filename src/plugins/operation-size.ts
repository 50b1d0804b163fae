import type { OperationDefinitionNode } from 'graphql';
import { type FoldTerms, foldSelections } from './fold-selections.ts';

/** How large an operation is, its fragments spread out. */
export interface OperationSize {
  /** Fields inside fields, leaves included; what is below `__schema` and `__type` is not counted. */
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
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
      const isIntrospection = selection.name.value === '__schema' || selection.name.value === '__type';
      return {
        depth: 1 + (isIntrospection ? 0 : inside.depth),
        aliases: inside.aliases + (selection.alias === undefined ? 0 : 1),
        directives,
        rootFields: 1,
      };
    },
  });
  return { ...size, directives: size.directives + (operation.directives?.length ?? 0) };
}
