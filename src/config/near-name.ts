/** Finds the name that a misspelt one was meant to be: the nearest within two edits, or within one of a short name. */
export function findNearName(name: string, known: readonly string[]): string | undefined {
  const [nearest] = known
    .map((candidate) => ({ candidate, distance: countEdits(name, candidate) }))
    .filter(({ candidate, distance }) => distance <= (candidate.length < 8 ? 1 : 2))
    .sort((a, b) => a.distance - b.distance);
  return nearest?.candidate;
}

/** Levenshtein distance. */
function countEdits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const substitution = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(substitution, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** The same for what somebody typed, where two letters that have changed places are the commonest mistake. */
export function findTypedName(name: string, known: readonly string[]): string | undefined {
  return known.find((candidate) => areSwapped(name, candidate)) ?? findNearName(name, known);
}

function areSwapped(name: string, other: string): boolean {
  const at = [...name].findIndex((letter, index) => letter !== other[index]);
  return at >= 0 && other === name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2);
}
