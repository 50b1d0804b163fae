import { systemFiles } from '../config/files.ts';
import { readConfig } from '../config/read-config.ts';
import type { VariableRecord } from '../config/variables.ts';
import { createApiSchema } from '../graph/schema.ts';
import { printApiSdl, printSubgraphSdl } from '../graph/sdl.ts';
import type { ExitCode } from './command.ts';

/** Prints the schema as this configuration serves it: to clients, or to a federation router. */
export async function runSchema(isSubgraph: boolean, environment: VariableRecord): Promise<ExitCode> {
  const { passwords, federation } = readConfig(environment, systemFiles);
  const schema = createApiSchema({ passwords });
  process.stdout.write(isSubgraph ? printSubgraphSdl(schema, federation) : printApiSdl(schema));
  return 0;
}
