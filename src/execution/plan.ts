import type { GraphQLError } from 'graphql';
import type { ReadArguments } from './arguments.ts';
import type { Path } from './path.ts';
import type { PlannedField, PlannedOperation } from './planned-field.ts';
import type { Run } from './run.ts';
import type { Text, Written } from './text.ts';

/** An operation, ready to be executed: all that does not depend on a request. */
export interface OperationPlan extends PlannedOperation {
  readonly root: ObjectPlan;
}

/** What is selected of an object of one type. */
export interface ObjectPlan {
  readonly fields: readonly FieldPlan[];
  /** The text after the last field, with the keys and values that are the same for every object. */
  readonly ending: string;
  /** Length of the text that stands around the values. */
  readonly characters: number;
  /**
   * How many objects it writes, itself included, where its text depends on nothing but the object: properties that are scalars, or
   * such objects. Undefined for any other plan.
   */
  readonly fixedObjects: number | undefined;
  /** Why nothing can be selected: a condition that is neither true nor false. */
  readonly failure: GraphQLError | undefined;
}

/** A field of an object, and how its value is found and written. */
export interface FieldPlan extends PlannedField {
  /** The text in front of its value, with the keys and values before it that are the same for every object. */
  readonly before: string;
  /** Undefined for a field without arguments. */
  readonly readArguments: ReadArguments | undefined;
  readonly isNonNull: boolean;
  readonly complete: Complete;
  /**
   * How a scalar or an enum is written that has no resolver and no arguments: by far the most frequent fields. They need no
   * path unless they fail. Undefined for any other field.
   */
  readonly completeProperty: CompleteLeaf | undefined;
  /** As {@link ObjectPlan.fixedObjects}, of the objects below this field; 0 for a scalar or an enum. */
  readonly fixedObjects: number | undefined;
}

/**
 * Writes a value that a resolver has returned.
 * @throws {Error} when the value is no value of its type; the answer then has null there, or further up.
 */
export type Complete = (run: Run, value: unknown, path: Path) => Written;

/** The same for a scalar or an enum. */
export type CompleteLeaf = (run: Run, value: unknown) => Text;
