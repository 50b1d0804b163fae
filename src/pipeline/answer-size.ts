import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  GraphQLIncludeDirective,
  type GraphQLNamedType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  isObjectType,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { DEFAULT_GROUPS, MAX_GROUPS } from '../paging/phone-listing.ts';
import { DEFAULT_WINDOW_SIZE, MAX_WINDOW_SIZE } from '../paging/window.ts';
import { foldSelections } from './fold-selections.ts';

/** What the size of an answer depends on beside the selections. */
export interface AnswerTerms {
  readonly schema: GraphQLSchema;
  findFragment(name: string): FragmentDefinitionNode | undefined;
  /** As execution reads them: coerced, with their defaults. */
  readonly variableValues: Readonly<Record<string, unknown>>;
  /** Apps that the caller sees. */
  readonly apps: number;
}

/** What an answer can hold at most. */
export interface Size {
  readonly objects: number;
  /** Of fields without fields of their own. */
  readonly values: number;
}

export interface AnswerSize extends Size {
  /** Sizes of `_entities` fields, which may be answered in part, by their names in the answer. */
  readonly entities: ReadonlyMap<string, EntitiesSize>;
}

export interface EntitiesSize {
  readonly representations: number;
  /** What each of them can bring, itself included. */
  readonly each: Size;
}

const NOTHING: Size = { objects: 0, values: 0 };
const ONE_VALUE: Size = { objects: 0, values: 1 };

/**
 * The most that an operation can bring: lists inside lists multiply. Arguments, `@skip` and `@include` are read as
 * execution reads them.
 */
export function measureAnswer(selectionSet: SelectionSetNode, terms: AnswerTerms): AnswerSize {
  const { variableValues } = terms;
  const entities = new Map<string, EntitiesSize>();
  const { objects, values } = foldSelections<Size>(selectionSet, terms, {
    nothing: NOTHING,
    add: addSizes,
    measure(selection, inside, parent) {
      if (!isIncluded(selection, variableValues)) return NOTHING;
      if (selection.kind !== 'Field') return inside;
      if (selection.selectionSet === undefined) return ONE_VALUE;
      const count = sizeOf(selection, parent, terms);
      if (selection.name.value !== ENTITIES_FIELD)
        return { objects: count * (1 + inside.objects), values: count * inside.values };
      const name = selection.alias?.value ?? ENTITIES_FIELD;
      const each = addSizes(entities.get(name)?.each ?? { objects: 1, values: 0 }, inside);
      entities.set(name, { representations: count, each });
      return NOTHING;
    },
  });
  return { objects, values, entities };
}

function addSizes(left: Size, right: Size): Size {
  return { objects: left.objects + right.objects, values: left.values + right.values };
}

/** The field that a router asks for many objects by their keys. */
const ENTITIES_FIELD = '_entities';

function isIncluded(selection: SelectionNode, variableValues: AnswerTerms['variableValues']): boolean {
  if (!selection.directives?.length) return true;
  return (
    getDirectiveValues(GraphQLSkipDirective, selection, variableValues)?.['if'] !== true &&
    getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)?.['if'] !== false
  );
}

/** How many objects a field brings itself. */
function sizeOf(field: FieldNode, parent: GraphQLNamedType | undefined, terms: AnswerTerms): number {
  switch (`${parent?.name}.${field.name.value}`) {
    case 'Query.apps':
      return terms.apps;
    case 'Query.nodes':
      return countItems(field, parent, terms, 'ids');
    case `Query.${ENTITIES_FIELD}`:
      return countItems(field, parent, terms, 'representations');
    case 'App.phonesByAccount':
      return countItems(field, parent, terms, 'accounts');
    case 'App.groups':
      return clip(findArguments(field, parent, terms)['first'] ?? DEFAULT_GROUPS, MAX_GROUPS);
    case 'App.phones':
      return findWindowSize(field, parent, terms);
    default:
      return 1;
  }
}

function countItems(
  field: FieldNode,
  parent: GraphQLNamedType | undefined,
  terms: AnswerTerms,
  argument: string,
): number {
  const list = findArguments(field, parent, terms)[argument];
  return Array.isArray(list) ? list.length : 0;
}

/** The size of a window. One that no window can have counts as the nearest possible; such a field is refused later. */
function findWindowSize(field: FieldNode, parent: GraphQLNamedType | undefined, terms: AnswerTerms): number {
  const { first, last } = findArguments(field, parent, terms);
  const sizes = [first, last].filter((size) => typeof size === 'number');
  const size = sizes.length === 0 ? DEFAULT_WINDOW_SIZE : Math.max(...sizes);
  return clip(size, MAX_WINDOW_SIZE);
}

function clip(size: unknown, max: number): number {
  return typeof size === 'number' ? Math.min(Math.max(size, 0), max) : 0;
}

/** The arguments of a field as execution reads them; none where execution refuses them, so that the field brings nothing. */
function findArguments(
  field: FieldNode,
  parent: GraphQLNamedType | undefined,
  { variableValues }: AnswerTerms,
): Readonly<Record<string, unknown>> {
  const definition = isObjectType(parent) ? parent.getFields()[field.name.value] : undefined;
  if (definition === undefined) return {};
  try {
    return getArgumentValues(definition, field, variableValues);
  } catch (error) {
    if (error instanceof GraphQLError) return {};
    throw error;
  }
}
