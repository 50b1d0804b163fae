/** Extensions of a field whose resolver reads its parent and nothing else: no arguments, no context, no time. */
export const OF_PARENT_ALONE = { isOfParentAlone: true } as const;

/** Whether a field says so. */
export function isOfParentAlone({
  extensions,
}: {
  readonly extensions: Readonly<Record<PropertyKey, unknown>>;
}): boolean {
  return extensions['isOfParentAlone'] === true;
}
