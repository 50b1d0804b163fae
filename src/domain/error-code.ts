/** Finds the code that the system gives an error, such as `ENOENT`. Unlike a message, it quotes nothing. */
export function findErrorCode(error: unknown): string | undefined {
  // Not `instanceof Error`: what the system throws may come from another realm.
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
