import {
  type DirectiveNode,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  type SelectionNode,
} from 'graphql';
import type { WindowNeed } from '../phones/phones.ts';

/** The part of the resolve info that decides. */
export type SelectionInfo = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>;

/**
 * Decides what the selection on a connection needs: nothing for `__typename` alone, the count for `totalCount`, rows
 * for any other field. Fragments are followed; what `@skip` and `@include` leave out does not count. Intentionally not
 * cached: it stops at the first field that needs rows, which costs no more than a look-up.
 */
export function findWindowNeed(info: SelectionInfo): WindowNeed {
  return info.fieldNodes.reduce<WindowNeed>(
    (need, field) => widenNeed(need, field.selectionSet?.selections ?? [], info),
    'nothing',
  );
}

function widenNeed(known: WindowNeed, selections: readonly SelectionNode[], info: SelectionInfo): WindowNeed {
  let need = known;
  for (const selection of selections) {
    if (need === 'rows') return need;
    if (!isIncluded(selection, info)) continue;
    if (selection.kind !== 'Field') need = widenNeed(need, selectionsIn(selection, info), info);
    else if (selection.name.value === 'totalCount') need = 'count';
    else if (selection.name.value !== '__typename') need = 'rows';
  }
  return need;
}

type Spread = Exclude<SelectionNode, { kind: 'Field' }>;

/** Type conditions need no look: a connection is an object type, so every fragment that is valid on it applies. */
function selectionsIn(spread: Spread, info: SelectionInfo): readonly SelectionNode[] {
  const fragment = spread.kind === 'InlineFragment' ? spread : info.fragments[spread.name.value];
  return fragment?.selectionSet.selections ?? [];
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
