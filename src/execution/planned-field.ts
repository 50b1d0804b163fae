import type { GraphQLField, GraphQLObjectType, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { FieldNodes, Fragments } from './selection.ts';

/** What resolvers are told of the operation that they work for. */
export interface PlannedOperation {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Fragments;
}

/** What resolvers are told of their field, which is merged of all the nodes that select it. */
export interface PlannedField {
  readonly name: string;
  /** Its alias, or its name. */
  readonly key: string;
  readonly nodes: FieldNodes;
  readonly parent: GraphQLObjectType;
  readonly definition: GraphQLField<unknown, unknown>;
}
