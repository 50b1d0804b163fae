import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  typeFromAST,
} from 'graphql';
import type { Variables } from './arguments.ts';

/** The fragments of a document, by name; without a prototype, as resolvers get them from graphql-js. */
export type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

/** The nodes that select one field: at least one. */
export type FieldNodes = readonly [FieldNode, ...FieldNode[]];

/** What fields are collected with. Of the variables only those of conditions are read. */
export interface Selector {
  readonly schema: GraphQLSchema;
  readonly fragments: Fragments;
  readonly variables: Variables;
}

/**
 * Collects the fields of an object of one type: those of one response key together, in the order of the document, without
 * what `@skip` and `@include` leave out.
 * @throws {GraphQLError} where a condition is neither true nor false.
 * @see https://spec.graphql.org/October2021/#CollectFields()
 */
export function collectFields(
  selector: Selector,
  type: GraphQLObjectType,
  selectionSets: readonly (SelectionSetNode | undefined)[],
): ReadonlyMap<string, FieldNodes> {
  const collected = new Map<string, [FieldNode, ...FieldNode[]]>();
  const spread = new Set<string>();
  for (const selectionSet of selectionSets) if (selectionSet !== undefined) collect(selectionSet);
  return collected;

  function collect({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        if (!isIncluded(selection, selector.variables)) continue;
        const key = selection.alias?.value ?? selection.name.value;
        const nodes = collected.get(key);
        if (nodes === undefined) collected.set(key, [selection]);
        else nodes.push(selection);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (isIncluded(selection, selector.variables) && applies(selector.schema, selection, type))
          collect(selection.selectionSet);
      } else {
        const name = selection.name.value;
        // A spread that is left out must not keep a later one of the same fragment from counting.
        if (spread.has(name) || !isIncluded(selection, selector.variables)) continue;
        spread.add(name);
        const fragment = selector.fragments[name];
        if (fragment !== undefined && applies(selector.schema, fragment, type))
          collect(fragment.selectionSet);
      }
    }
  }
}

interface Conditional {
  readonly directives?: readonly DirectiveNode[];
}

function isIncluded(node: Conditional, variables: Variables): boolean {
  if (node.directives === undefined || node.directives.length === 0) return true;
  if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] !== false;
}

function applies(
  schema: GraphQLSchema,
  { typeCondition }: Partial<Pick<FragmentDefinitionNode, 'typeCondition'>>,
  type: GraphQLObjectType,
): boolean {
  if (typeCondition === undefined) return true;
  const condition = typeFromAST(schema, typeCondition);
  return condition === type || (isAbstractType(condition) && schema.isSubType(condition, type));
}

/** Lists the variables that decide, in `@skip` and `@include`, what an operation selects. Each fragment is read once. */
export function listConditions(operation: OperationDefinitionNode, fragments: Fragments): readonly string[] {
  const conditions = new Set<string>();
  const spread = new Set<string>();
  read(operation.selectionSet);
  return [...conditions];

  function read({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      for (const directive of selection.directives ?? []) note(directive);
      if (selection.kind !== Kind.FRAGMENT_SPREAD) {
        if (selection.selectionSet !== undefined) read(selection.selectionSet);
      } else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = fragments[selection.name.value];
        if (fragment !== undefined) read(fragment.selectionSet);
      }
    }
  }

  function note({ name, arguments: given }: DirectiveNode): void {
    if (name.value !== GraphQLSkipDirective.name && name.value !== GraphQLIncludeDirective.name) return;
    for (const { value } of given ?? []) if (value.kind === Kind.VARIABLE) conditions.add(value.name.value);
  }
}
