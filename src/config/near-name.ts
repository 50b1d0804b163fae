/** Finds the name that a misspelt one was meant to be: the nearest within two edits, or within one of a short name. */
export function findNearName(name: string, known: readonly string[]): string | undefined {
  const [nearest] = known
    .map((candidate) => ({ candidate, distance: countEdits(name, candidate) }))
    .filter(({ candidate, distance }) => distance <= (candidate.length < 8 ? 1 : 2))
    .sort((a, b) => a.distance - b.distance);
  return nearest?.candidate;
}

/** Letters that are missing, too many, others, or two that have changed places, each counting as one. */
function countEdits(from: string, to: string): number {
  let before: readonly number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const edits = [(row[j] ?? 0) + (letter === other ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1];
      if (j > 0 && letter === to[j - 1] && from[i - 1] === other) edits.push((before[j - 1] ?? 0) + 1);
      next.push(Math.min(...edits));
    }
    before = row;
    row = next;
  }
  return row[to.length] ?? 0;
}
