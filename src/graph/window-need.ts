import type { WindowNeed } from '../phones/phones.ts';
import { type SelectionInfo, someSelectedField } from './selected-fields.ts';

/**
 * Decides what the selection on a connection needs: nothing for `__typename` alone, the count for `totalCount`, rows
 * for any other field.
 */
export function findWindowNeed(info: SelectionInfo): WindowNeed {
  if (someSelectedField(info, (name) => name !== 'totalCount' && name !== '__typename')) return 'rows';
  return someSelectedField(info, (name) => name === 'totalCount') ? 'count' : 'nothing';
}
