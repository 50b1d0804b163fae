import type { GraphQLResolveInfo } from 'graphql';

/** Where in an answer a value stands: the end of a list that is linked backwards. */
export type Path = GraphQLResolveInfo['path'];

/** The path of the field that a path stands in: itself, without the indexes of lists. */
export function findFieldPath(path: Path): Path {
  let field = path;
  while (typeof field.key === 'number' && field.prev !== undefined) field = field.prev;
  return field;
}
