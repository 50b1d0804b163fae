import {
  GraphQLError,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNullableType,
  isLeafType,
  isNonNullType,
  isObjectType,
  type OperationDefinitionNode,
  OperationTypeNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import { isOfParentAlone } from '../domain/parent-alone.ts';
import { prepareArguments, type Variables } from './arguments.ts';
import { createCompleter, createLeafCompleter, createPropertyCompleter, type Planner } from './complete.ts';
import type { CompleteLeaf, FieldPlan, ObjectPlan, OperationPlan } from './plan.ts';
import type { PlannedField } from './planned-field.ts';
import { collectFields, type Fragments } from './selection.ts';

/** Most fields of one plan, those of each possible type counted. A document of 1,000 tokens seldom has 200. */
const MAX_FIELDS = 4_000;

/** Deeper plans are left to graphql-js, and so is a cycle of fragments that was not validated. */
const MAX_DEPTH = 30;

/** The memory that a plan takes: its closures, its texts, the lists of its nodes. */
const BYTES = { plan: 1_000, field: 700 } as const;

const META_FIELDS: ReadonlyMap<string, GraphQLField<unknown, unknown>> = new Map(
  [SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]),
);

export interface CompiledOperation {
  readonly plan: OperationPlan;
  /** About the memory that it takes. */
  readonly bytes: number;
}

export interface CompileOptions {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Fragments;
  /** The variables of its conditions, coerced; others are not read. */
  readonly conditions: Variables;
}

/**
 * Compiles an operation for the case that its conditions have these values.
 * @returns undefined for what is left to graphql-js: whatever is no query, and what is too large.
 */
export function compileOperation(options: CompileOptions): CompiledOperation | undefined {
  const { schema, operation, fragments, conditions } = options;
  const rootType = schema.getQueryType();
  if (operation.operation !== OperationTypeNode.QUERY || rootType == null) return undefined;
  const selector = { schema, fragments, variables: conditions };
  let fields = 0;
  let depth = 0;
  let isRefused = false;

  function planObject(
    type: GraphQLObjectType,
    selectionSets: readonly (SelectionSetNode | undefined)[],
  ): ObjectPlan {
    depth++;
    // Once refused, a plan is thrown away: it only has to end.
    if (depth > MAX_DEPTH || fields > MAX_FIELDS) isRefused = true;
    const plan = isRefused ? { fields: [], ending: '', failure: undefined } : planFields(type, selectionSets);
    depth--;
    let characters = plan.ending.length;
    for (const { before } of plan.fields) characters += before.length;
    return { ...plan, characters, fixedObjects: countFixedObjects(plan) };
  }

  function planFields(
    type: GraphQLObjectType,
    selectionSets: readonly (SelectionSetNode | undefined)[],
  ): Omit<ObjectPlan, 'characters' | 'fixedObjects'> {
    const plans: FieldPlan[] = [];
    let before = '{';
    let separator = '';
    try {
      for (const [key, nodes] of collectFields(selector, type, selectionSets)) {
        const name = nodes[0].name.value;
        const definition = findDefinition(type, name);
        // Validation refuses unknown fields; execution leaves them out.
        if (definition === undefined) continue;
        before += `${separator}"${key}":`;
        separator = ',';
        if (definition === TypeNameMetaFieldDef) {
          before += `"${type.name}"`;
          continue;
        }
        plans.push(planField({ name, key, nodes, parent: type, definition }, before));
        before = '';
      }
    } catch (failure) {
      if (failure instanceof GraphQLError) return { fields: [], ending: '', failure };
      throw failure;
    }
    return { fields: plans, ending: `${before}}`, failure: undefined };
  }

  function planField(field: PlannedField, before: string): FieldPlan {
    fields++;
    const { name, key, nodes, parent, definition } = field;
    const readArguments = prepareArguments(definition, nodes[0]);
    const isProperty = definition.resolve === undefined && readArguments === undefined;
    const completeProperty = isProperty
      ? createPropertyCompleter(definition.type, field, planner)
      : undefined;
    return {
      name,
      key,
      nodes,
      parent,
      definition,
      before,
      readArguments,
      isNonNull: isNonNullType(definition.type),
      complete: completeProperty ?? createCompleter(definition.type, field, planner),
      completeProperty,
      fixedObjects:
        isProperty || (readArguments === undefined && isOfParentAlone(definition))
          ? countObjectsBelow(field)
          : undefined,
    };
  }

  function countObjectsBelow(field: PlannedField): number | undefined {
    const type = getNullableType(field.definition.type);
    if (isLeafType(type)) return 0;
    return isObjectType(type) && type.isTypeOf == null ? plansBelow.get(field)?.fixedObjects : undefined;
  }

  function findDefinition(type: GraphQLObjectType, name: string): GraphQLField<unknown, unknown> | undefined {
    if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
    return (type === rootType ? META_FIELDS.get(name) : undefined) ?? type.getFields()[name];
  }

  const plansBelow = new Map<PlannedField, ObjectPlan>();
  const leafCompleters = new Map<GraphQLLeafType, CompleteLeaf>();
  const planner: Planner = {
    schema,
    findLeafCompleter(type) {
      const complete = leafCompleters.get(type) ?? createLeafCompleter(type);
      leafCompleters.set(type, complete);
      return complete;
    },
    planObject(type, field) {
      const selectionSets = field.nodes.map(({ selectionSet }) => selectionSet);
      const plan = planObject(type, selectionSets);
      plansBelow.set(field, plan);
      return plan;
    },
  };
  const root = planObject(rootType, [operation.selectionSet]);
  if (isRefused) return undefined;
  return { plan: { schema, operation, fragments, root }, bytes: BYTES.plan + fields * BYTES.field };
}

/** @returns undefined where the text of a field depends on more than the object. */
function countFixedObjects({ fields, failure }: Pick<ObjectPlan, 'fields' | 'failure'>): number | undefined {
  if (failure !== undefined) return undefined;
  let objects = 1;
  for (const { fixedObjects } of fields) {
    if (fixedObjects === undefined) return undefined;
    objects += fixedObjects;
  }
  return objects;
}
