import {
  defaultTypeResolver,
  type GraphQLAbstractType,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { createLeafWriter } from './leaf.ts';
import { findFieldPath } from './path.ts';
import type { Complete, CompleteLeaf, ObjectPlan } from './plan.ts';
import type { PlannedField } from './planned-field.ts';
import { isLater, type Text, type Written } from './text.ts';
import { isNull, isPromiseLike } from './value.ts';
import { writeList } from './write-list.ts';
import { writeObject } from './write-object.ts';

/** What the value of a field is completed with, beside the field. */
export interface Planner {
  readonly schema: GraphQLSchema;
  /** Plans what a field selects of an object of a type. */
  planObject(type: GraphQLObjectType, field: PlannedField): ObjectPlan;
  /** Gives the one completer of a scalar or an enum. */
  findLeafCompleter(type: GraphQLLeafType): CompleteLeaf;
}

/** @see https://spec.graphql.org/October2021/#CompleteValue() */
export function createCompleter(type: GraphQLOutputType, field: PlannedField, planner: Planner): Complete {
  if (isLeafType(type)) return planner.findLeafCompleter(type);
  if (isObjectType(type)) return createObjectCompleter(type, field, planner);
  if (isListType(type)) return createListCompleter(type.ofType, field, planner);
  if (!isNonNullType(type)) return createAbstractCompleter(type, field, planner);

  const complete = createCompleter(type.ofType, field, planner);
  return (run, value, path) => {
    const written = complete(run, value, path);
    return isLater(written) ? written : assertNotNull(written, field);
  };
}

/** Undefined for a type that is not a scalar or an enum, non-null or not. */
export function createPropertyCompleter(
  type: GraphQLOutputType,
  field: PlannedField,
  planner: Planner,
): CompleteLeaf | undefined {
  if (isLeafType(type)) return planner.findLeafCompleter(type);
  if (!isNonNullType(type) || !isLeafType(type.ofType)) return undefined;
  const complete = planner.findLeafCompleter(type.ofType);
  return (run, value) => assertNotNull(complete(run, value), field);
}

export function createLeafCompleter(type: GraphQLLeafType): CompleteLeaf {
  const write = createLeafWriter(type);
  return (run, value) => {
    if (isNull(value)) return null;
    const text = write(value);
    run.countCharacters(text.length);
    return text;
  };
}

function createListCompleter(itemType: GraphQLOutputType, field: PlannedField, planner: Planner): Complete {
  const list = {
    field,
    isNonNull: isNonNullType(itemType),
    completeItem: createCompleter(itemType, field, planner),
  };
  return (run, value, path) => {
    if (isNull(value)) return null;
    if (!isIterable(value))
      throw new TypeError(
        `Expected Iterable, but did not find one for field "${field.parent.name}.${field.name}".`,
      );
    return writeList(run, list, Array.isArray(value) ? value : Array.from(value), path);
  };
}

/** Objects and classes of objects are iterable, texts are not. */
function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function createObjectCompleter(type: GraphQLObjectType, field: PlannedField, planner: Planner): Complete {
  const plan = planner.planObject(type, field);
  const { isTypeOf } = type;
  if (isTypeOf == null)
    return (run, value, path) => (isNull(value) ? null : writeObject(run, plan, value, path));

  return (run, value, path) => {
    if (isNull(value)) return null;
    const write = (isRight: unknown): Written => {
      if (!isRight) throw new TypeError(`Expected value of type "${type.name}" but got another.`);
      return writeObject(run, plan, value, path);
    };
    if (plan.failure !== undefined) throw plan.failure;
    const isRight: unknown = isTypeOf(value, run.context, run.createInfo(field, findFieldPath(path)));
    return isPromiseLike(isRight) ? isRight.then(write) : write(isRight);
  };
}

function createAbstractCompleter(type: GraphQLAbstractType, field: PlannedField, planner: Planner): Complete {
  const { schema } = planner;
  const resolveType = type.resolveType ?? defaultTypeResolver;
  const completers = new Map<unknown, Complete>();
  for (const possible of schema.getPossibleTypes(type))
    completers.set(possible.name, createObjectCompleter(possible, field, planner));

  return (run, value, path) => {
    if (isNull(value)) return null;
    const write = (name: unknown): Written => {
      const complete = completers.get(name);
      if (complete === undefined) throw new TypeError(describeWrongType(type, field, schema, name));
      return complete(run, value, path);
    };
    const name: unknown = resolveType(value, run.context, run.createInfo(field, findFieldPath(path)), type);
    return isPromiseLike(name) ? name.then(write) : write(name);
  };
}

/** In the words of graphql-js, but for the value: it may be a secret. */
function describeWrongType(
  { name }: GraphQLAbstractType,
  field: PlannedField,
  schema: GraphQLSchema,
  resolved: unknown,
): string {
  const place = `for field "${field.parent.name}.${field.name}"`;
  if (resolved === null || resolved === undefined)
    return `Abstract type "${name}" must resolve to an Object type at runtime ${place}. Either the "${name}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`;
  if (typeof resolved !== 'string')
    return `Abstract type "${name}" must resolve to an Object type at runtime ${place}, by its name.`;
  const type = schema.getType(resolved);
  if (type === undefined)
    return `Abstract type "${name}" was resolved to a type that does not exist inside the schema.`;
  if (!isObjectType(type)) return `Abstract type "${name}" was resolved to a non-object type "${type.name}".`;
  return `Runtime Object type "${type.name}" is not a possible type for "${name}".`;
}

function assertNotNull(text: Text, { parent, name }: PlannedField): string {
  if (text === null) throw new TypeError(`Cannot return null for non-nullable field ${parent.name}.${name}.`);
  return text;
}
