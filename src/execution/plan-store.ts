import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import type { Variables } from './arguments.ts';
import { compileOperation } from './compile.ts';
import type { OperationPlan } from './plan.ts';
import { type Fragments, listConditions } from './selection.ts';

/** Plans, kept for as long as their documents. */
export interface PlanStore {
  /** Undefined for what cannot be compiled. */
  find(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Variables,
  ): OperationPlan | undefined;
}

/** An operation has a plan for each case of its conditions. Of more cases than this, the further ones are not kept. */
const MAX_CASES = 8;

interface KnownDocument {
  readonly schema: GraphQLSchema;
  readonly fragments: Fragments;
  readonly operations: Map<OperationDefinitionNode, KnownOperation>;
  bytes: number;
}

interface KnownOperation {
  /** Variables of `@skip` and `@include`. */
  readonly conditions: readonly string[];
  readonly plans: Map<string, OperationPlan | undefined>;
}

/** @param onGrowth is told the memory of all plans of a document, in bytes, whenever there is one more. */
export function createPlanStore(onGrowth?: (document: DocumentNode, bytes: number) => void): PlanStore {
  const documents = new WeakMap<DocumentNode, KnownDocument>();

  function findDocument(schema: GraphQLSchema, document: DocumentNode): KnownDocument {
    const known = documents.get(document);
    if (known?.schema === schema) return known;
    const found = { schema, fragments: listFragments(document), operations: new Map(), bytes: 0 };
    documents.set(document, found);
    return found;
  }

  return {
    find(schema, document, operation, variables) {
      const known = findDocument(schema, document);
      const { fragments, operations } = known;
      const cases = operations.get(operation) ?? {
        conditions: listConditions(operation, fragments),
        plans: new Map(),
      };
      operations.set(operation, cases);
      const key = describeCase(cases.conditions, variables);
      if (key === undefined) return undefined;
      const { plans } = cases;
      if (plans.has(key)) return plans.get(key);

      const compiled = compileOperation({ schema, operation, fragments, conditions: variables });
      if (plans.size < MAX_CASES) {
        plans.set(key, compiled?.plan);
        known.bytes += compiled?.bytes ?? 0;
        onGrowth?.(document, known.bytes);
      }
      return compiled?.plan;
    },
  };
}

/** One letter a condition. Undefined for a condition that is no boolean at all, which validation refuses. */
function describeCase(conditions: readonly string[], variables: Variables): string | undefined {
  let key = '';
  for (const name of conditions) {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === true) key += 't';
    else if (value === false) key += 'f';
    else if (value === null) key += 'n';
    else if (value === undefined) key += 'u';
    else return undefined;
  }
  return key;
}

function listFragments({ definitions }: DocumentNode): Fragments {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  return fragments;
}
