import {
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  getArgumentValues,
  isNonNullType,
  Kind,
  type ValueNode,
  valueFromAST,
} from 'graphql';

/** Variables as `getVariableValues` coerces them. */
export type Variables = Readonly<Record<string, unknown>>;

/** Reads the arguments of a field, an object of its own for each call. @throws {GraphQLError} as graphql-js does. */
export type ReadArguments = (variables: Variables) => Record<string, unknown>;

/** How the value of one argument is found. */
type Source =
  | { readonly name: string; readonly kind: 'constant'; readonly value: unknown }
  | {
      readonly name: string;
      readonly kind: 'variable';
      readonly variable: string;
      readonly argument: GraphQLArgument;
    };

/**
 * Prepares the arguments of a field as far as they do not depend on variables.
 * @returns undefined for a field that takes none.
 */
export function prepareArguments(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
): ReadArguments | undefined {
  if (field.args.length === 0) return undefined;
  const readAny: ReadArguments = (variables) => getArgumentValues(field, node, variables);
  const nodes = new Map(node.arguments?.map(({ name, value }) => [name.value, value]));
  const sources: Source[] = [];
  for (const argument of field.args) {
    const value = nodes.get(argument.name);
    const source = value === undefined ? findDefault(argument) : findSource(argument, value);
    if (source === 'any') return readAny;
    if (source !== undefined) sources.push(source);
  }

  return (variables) => {
    const values: Record<string, unknown> = {};
    for (const source of sources) {
      if (source.kind === 'constant') {
        values[source.name] = source.value;
        continue;
      }
      const { argument, variable } = source;
      if (!Object.hasOwn(variables, variable)) {
        if (argument.defaultValue !== undefined) values[source.name] = argument.defaultValue;
        else if (isNonNullType(argument.type)) return readAny(variables);
        continue;
      }
      const value = variables[variable];
      if (value === undefined || (value === null && isNonNullType(argument.type))) return readAny(variables);
      values[source.name] = value;
    }
    return values;
  };
}

/** 'any' stands for what is left to graphql-js: variables inside of literals, and what it refuses. */
function findSource(argument: GraphQLArgument, node: ValueNode): Source | 'any' {
  const { name, type } = argument;
  if (node.kind === Kind.VARIABLE) return { name, kind: 'variable', variable: node.name.value, argument };
  if (holdsVariable(node)) return 'any';
  const value: unknown = valueFromAST(node, type);
  return value === undefined ? 'any' : { name, kind: 'constant', value };
}

function findDefault({ name, type, defaultValue }: GraphQLArgument): Source | 'any' | undefined {
  if (defaultValue !== undefined) return { name, kind: 'constant', value: defaultValue };
  return isNonNullType(type) ? 'any' : undefined;
}

function holdsVariable(node: ValueNode): boolean {
  switch (node.kind) {
    case Kind.VARIABLE:
      return true;
    case Kind.LIST:
      return node.values.some(holdsVariable);
    case Kind.OBJECT:
      return node.fields.some(({ value }) => holdsVariable(value));
    default:
      return false;
  }
}
