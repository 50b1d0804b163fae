import type { FieldNode, FragmentDefinitionNode, SelectionSetNode, ValueNode } from 'graphql';
import { DEFAULT_WINDOW_SIZE, MAX_WINDOW_SIZE } from '../paging/window.ts';

/** What the size of an answer depends on beside the document. */
export interface AnswerTerms {
  findFragment(name: string): FragmentDefinitionNode | undefined;
  /** As the request brought them, or their defaults. */
  findVariable(name: string): unknown;
  /** Apps that the caller sees. */
  readonly apps: number;
}

/** The arguments that say how many objects a field may bring, by the name of the field. */
const SIZE_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  phones: ['first', 'last'],
  phonesByAccount: ['accounts'],
  nodes: ['ids'],
  _entities: ['representations'],
};

/**
 * The most objects that an operation can bring: lists inside lists multiply. What `@skip` leaves out counts all the
 * same. Each fragment is measured once, so the time is linear in the document.
 */
export function measureAnswer(selectionSet: SelectionSetNode, terms: AnswerTerms): number {
  const measured = new Map<string, number>();

  function measureSet({ selections }: SelectionSetNode): number {
    let objects = 0;
    for (const selection of selections) {
      if (selection.kind === 'Field') objects += measureField(selection);
      else if (selection.kind === 'InlineFragment') objects += measureSet(selection.selectionSet);
      else objects += measureFragment(selection.name.value);
    }
    return objects;
  }

  function measureField(field: FieldNode): number {
    if (field.selectionSet === undefined) return 0;
    return sizeOf(field, terms) * (1 + measureSet(field.selectionSet));
  }

  function measureFragment(name: string): number {
    const known = measured.get(name);
    if (known !== undefined) return known;
    // Stands in while the fragment is being measured; validation has refused cycles.
    measured.set(name, 0);
    const fragment = terms.findFragment(name);
    const objects = fragment === undefined ? 0 : measureSet(fragment.selectionSet);
    measured.set(name, objects);
    return objects;
  }

  return measureSet(selectionSet);
}

function sizeOf(field: FieldNode, { apps, findVariable }: AnswerTerms): number {
  if (field.name.value === 'apps') return apps;
  const names = SIZE_ARGUMENTS[field.name.value];
  if (names === undefined) return 1;
  for (const argument of field.arguments ?? []) {
    if (!names.includes(argument.name.value)) continue;
    const size = sizeOfValue(argument.value, findVariable);
    if (size !== undefined) return size;
  }
  return field.name.value === 'phones' ? DEFAULT_WINDOW_SIZE : 1;
}

/** A number itself, or the length of a list. Undefined for null, and for what is no size at all. */
function sizeOfValue(value: ValueNode, findVariable: AnswerTerms['findVariable']): number | undefined {
  const given =
    value.kind === 'IntValue'
      ? Number(value.value)
      : value.kind === 'ListValue'
        ? value.values.length
        : value.kind === 'Variable'
          ? findVariable(value.name.value)
          : undefined;
  const size = Array.isArray(given) ? given.length : given;
  if (typeof size !== 'number') return undefined;
  // Such a field brings nothing: it is refused by itself, with its argument named.
  return size < 0 || size > MAX_WINDOW_SIZE ? 0 : size;
}
