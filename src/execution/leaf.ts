import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  GraphQLString,
} from 'graphql';
import { quote } from './text.ts';

/** Writes a value that is neither null nor an Error. @throws {TypeError} that quotes no value. */
export type WriteLeaf = (value: unknown) => string;

const MAX_INT = 2 ** 31 - 1;
const MIN_INT = -(2 ** 31);

/** Makes the writer of a scalar or an enum. What the type's own `serialize` makes of a value is what is written. */
export function createLeafWriter(type: GraphQLLeafType): WriteLeaf {
  const writeAny: WriteLeaf = (value) => writeSerialized(type, value);
  switch (type) {
    case GraphQLString:
    case GraphQLID:
      return (value) => (typeof value === 'string' ? quote(value) : writeAny(value));
    case GraphQLInt:
      return (value) =>
        typeof value === 'number' && Number.isInteger(value) && value <= MAX_INT && value >= MIN_INT
          ? String(value)
          : writeAny(value);
    case GraphQLFloat:
      return (value) =>
        typeof value === 'number' && Number.isFinite(value) ? String(value) : writeAny(value);
    case GraphQLBoolean:
      return (value) => (typeof value === 'boolean' ? String(value) : writeAny(value));
    default:
      return writeAny;
  }
}

function writeSerialized(type: GraphQLLeafType, value: unknown): string {
  let text: string | undefined;
  try {
    const serialized: unknown = type.serialize(value);
    if (serialized != null) text = JSON.stringify(serialized);
  } catch {
    // Intentionally without its cause: the message of a scalar quotes the value, which may be a secret.
  }
  if (text === undefined) throw new TypeError(`${type.name} cannot represent a value that was resolved.`);
  return text;
}
