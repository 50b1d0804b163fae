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
 * for any other field. Fragments are followed, each once; what `@skip` and `@include` leave out does not count.
 */
export function findWindowNeed(info: SelectionInfo): WindowNeed {
  const spread = new Set<string>();
  let need: WindowNeed = 'nothing';
  for (const { selectionSet } of info.fieldNodes)
    need = widenNeed(need, selectionSet?.selections ?? [], info, spread);
  return need;
}

/** @param spread names of the fragments that were followed: looking twice takes exponential time where they nest. */
function widenNeed(
  known: WindowNeed,
  selections: readonly SelectionNode[],
  info: SelectionInfo,
  spread: Set<string>,
): WindowNeed {
  let need = known;
  for (const selection of selections) {
    if (need === 'rows') return need;
    if (!isIncluded(selection, info)) continue;
    if (selection.kind === 'Field') {
      if (selection.name.value === 'totalCount') need = 'count';
      else if (selection.name.value !== '__typename') need = 'rows';
    } else if (selection.kind === 'InlineFragment') {
      need = widenNeed(need, selection.selectionSet.selections, info, spread);
    } else if (!spread.has(selection.name.value)) {
      // Type conditions need no look: a connection is an object type, so every fragment that is valid on it applies.
      spread.add(selection.name.value);
      need = widenNeed(
        need,
        info.fragments[selection.name.value]?.selectionSet.selections ?? [],
        info,
        spread,
      );
    }
  }
  return need;
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
