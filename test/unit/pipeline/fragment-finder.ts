import { type DocumentNode, type FragmentDefinitionNode, Kind } from 'graphql';

/** Finds the fragments of a document by name. */
export function createFragmentFinder({
  definitions,
}: DocumentNode): (name: string) => FragmentDefinitionNode | undefined {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  return (name) => fragments.get(name);
}
