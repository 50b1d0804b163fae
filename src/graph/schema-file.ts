import { createApiSchema } from './schema.ts';
import { printApiSdl, printSubgraphSdl } from './sdl.ts';

/** A file of the folder `schema/`. */
export interface SchemaFile {
  readonly name: string;
  readonly text: string;
}

/** Prints what is committed under `schema/`: what clients read, and what `_service` tells a router by default. */
export function printSchemaFiles(): readonly SchemaFile[] {
  const schema = createApiSchema();
  return [
    { name: 'api.graphql', text: printApiSdl(schema) },
    { name: 'subgraph.graphql', text: printSubgraphSdl(schema) },
  ];
}
