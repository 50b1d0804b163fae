import {
  type DirectiveNode,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  type SelectionNode,
} from 'graphql';

/** The part of the resolve info that says what is selected. */
export type SelectionInfo = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>;

/**
 * Whether some field that is selected directly below the one being resolved passes the test; stops at the first.
 * Fragments are followed, each once; what `@skip` and `@include` leave out does not count.
 * @param typeNames the type of the object, and the interfaces and unions that it belongs to: a fragment on another type
 * does not apply. Without it every fragment applies, as it does on an object type.
 */
export function someSelectedField(
  info: SelectionInfo,
  test: (name: string) => boolean,
  typeNames?: ReadonlySet<string>,
): boolean {
  // Looking into a fragment twice takes exponential time where they nest.
  const followed = new Set<string>();
  return info.fieldNodes.some(({ selectionSet }) => some(selectionSet?.selections ?? []));

  function some(selections: readonly SelectionNode[]): boolean {
    return selections.some((selection) => {
      if (!isIncluded(selection, info)) return false;
      if (selection.kind === 'Field') return test(selection.name.value);
      if (selection.kind === 'InlineFragment')
        return applies(selection.typeCondition?.name.value) && some(selection.selectionSet.selections);
      const name = selection.name.value;
      if (followed.has(name)) return false;
      followed.add(name);
      const fragment = info.fragments[name];
      return (
        fragment !== undefined &&
        applies(fragment.typeCondition.name.value) &&
        some(fragment.selectionSet.selections)
      );
    });
  }

  function applies(typeName: string | undefined): boolean {
    return typeName === undefined || typeNames === undefined || typeNames.has(typeName);
  }
}

function isIncluded(
  node: SelectionNode & { readonly directives?: readonly DirectiveNode[] },
  info: SelectionInfo,
): boolean {
  if (!node.directives?.length) return true;
  const { if: skipped } = getDirectiveValues(GraphQLSkipDirective, node, info.variableValues) ?? {};
  const { if: included } = getDirectiveValues(GraphQLIncludeDirective, node, info.variableValues) ?? {};
  return skipped !== true && included !== false;
}
