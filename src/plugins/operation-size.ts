import type {
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';

/** How large an operation is, its fragments spread out. */
export interface OperationSize {
  /** Fields inside fields, leaves included; what is below `__schema` and `__type` is not counted. */
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly rootFields: number;
}

const NOTHING: OperationSize = { depth: 0, aliases: 0, directives: 0, rootFields: 0 };

/** Measures each fragment once, however often it is spread, so the time is linear in the document. */
export function measureOperation(
  operation: OperationDefinitionNode,
  findFragment: (name: string) => FragmentDefinitionNode | null | undefined,
): OperationSize {
  const measured = new Map<string, OperationSize>();

  function measureSet({ selections }: SelectionSetNode): OperationSize {
    let { depth, aliases, directives, rootFields } = NOTHING;
    for (const selection of selections) {
      const size = measureSelection(selection);
      depth = Math.max(depth, size.depth);
      aliases += size.aliases;
      directives += size.directives + (selection.directives?.length ?? 0);
      rootFields += size.rootFields;
    }
    return { depth, aliases, directives, rootFields };
  }

  function measureSelection(selection: SelectionNode): OperationSize {
    if (selection.kind === 'InlineFragment') return measureSet(selection.selectionSet);
    if (selection.kind === 'FragmentSpread') return measureFragment(selection.name.value);
    const below = selection.selectionSet === undefined ? NOTHING : measureSet(selection.selectionSet);
    const isIntrospection = selection.name.value === '__schema' || selection.name.value === '__type';
    return {
      depth: 1 + (isIntrospection ? 0 : below.depth),
      aliases: below.aliases + (selection.alias === undefined ? 0 : 1),
      directives: below.directives,
      rootFields: 1,
    };
  }

  function measureFragment(name: string): OperationSize {
    const known = measured.get(name);
    if (known !== undefined) return known;
    // Stands in while the fragment is being measured: a cycle is another rule's business.
    measured.set(name, NOTHING);
    const fragment = findFragment(name);
    const size = fragment ? measureSet(fragment.selectionSet) : NOTHING;
    measured.set(name, size);
    return size;
  }

  const size = measureSet(operation.selectionSet);
  return { ...size, directives: size.directives + (operation.directives?.length ?? 0) };
}
