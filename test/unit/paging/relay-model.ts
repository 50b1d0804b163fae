/** One row of a list as Relay's algorithm sees it: an edge with a cursor, here its position. */
export interface ModelArguments {
  readonly first?: number;
  /** Position of the row that `after` points at. */
  readonly after?: number;
  readonly last?: number;
  /** Position of the row that `before` points at. */
  readonly before?: number;
}

/**
 * Steps 1 to 3 of ApplyCursorsToEdges, by the letter, on a list whose rows are their positions.
 * @see https://relay.dev/graphql/connections.htm#ApplyCursorsToEdges()
 */
export function applyCursorsToEdges(all: readonly number[], { after, before }: ModelArguments): number[] {
  let edges = [...all];
  if (after !== undefined) {
    const afterEdge = edges.indexOf(after);
    if (afterEdge >= 0) edges = edges.slice(afterEdge + 1);
  }
  if (before !== undefined) {
    const beforeEdge = edges.indexOf(before);
    if (beforeEdge >= 0) edges = edges.slice(0, beforeEdge);
  }
  return edges;
}

/** EdgesToReturn, by the letter. @see https://relay.dev/graphql/connections.htm#EdgesToReturn() */
export function edgesToReturn(all: readonly number[], args: ModelArguments): number[] {
  let edges = applyCursorsToEdges(all, args);
  const { first, last } = args;
  if (first !== undefined && edges.length > first) edges = edges.slice(0, first);
  if (last !== undefined && edges.length > last) edges = edges.slice(edges.length - last);
  return edges;
}
