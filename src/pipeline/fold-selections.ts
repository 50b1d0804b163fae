import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** How to make one size out of a selection set. */
export interface SelectionSize<Size> {
  readonly nothing: Size;
  /** Of selections beside each other. */
  add(left: Size, right: Size): Size;
  /**
   * Of one selection, from what is inside it: the selections below a field, or those that a fragment holds.
   * @param parent the type that the selection is made on; undefined where the document does not fit the schema.
   */
  measure(selection: SelectionNode, inside: Size, parent: GraphQLNamedType | undefined): Size;
}

export interface FoldTerms {
  readonly schema: GraphQLSchema;
  findFragment(name: string): FragmentDefinitionNode | null | undefined;
}

/**
 * Measures a selection set of the query type with its fragments spread out. Each fragment is measured once, however
 * often it is spread, so the time is linear in the document. A fragment inside itself counts as nothing there.
 */
export function foldSelections<Size>(
  selectionSet: SelectionSetNode,
  { schema, findFragment }: FoldTerms,
  { nothing, add, measure }: SelectionSize<Size>,
): Size {
  const measured = new Map<string, Size>();

  function foldSet({ selections }: SelectionSetNode, parent: GraphQLNamedType | undefined): Size {
    let size = nothing;
    for (const selection of selections)
      size = add(size, measure(selection, foldInside(selection, parent), parent));
    return size;
  }

  function foldInside(selection: SelectionNode, parent: GraphQLNamedType | undefined): Size {
    if (selection.kind === 'FragmentSpread') return foldFragment(selection.name.value);
    const { selectionSet } = selection;
    if (selectionSet === undefined) return nothing;
    if (selection.kind === 'Field') return foldSet(selectionSet, findFieldType(parent, selection));
    const { typeCondition } = selection;
    return foldSet(selectionSet, typeCondition ? schema.getType(typeCondition.name.value) : parent);
  }

  function foldFragment(name: string): Size {
    const known = measured.get(name);
    if (known !== undefined) return known;
    // Stands in while the fragment is being measured.
    measured.set(name, nothing);
    const fragment = findFragment(name);
    const size = fragment
      ? foldSet(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value))
      : nothing;
    measured.set(name, size);
    return size;
  }

  return foldSet(selectionSet, schema.getQueryType() ?? undefined);
}

function findFieldType(parent: GraphQLNamedType | undefined, { name }: FieldNode) {
  if (!isObjectType(parent) && !isInterfaceType(parent)) return undefined;
  const field = parent.getFields()[name.value];
  return field && getNamedType(field.type);
}
