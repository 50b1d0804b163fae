import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { execute, parse, validate } from 'graphql';
import { systemFiles } from '../config/files.ts';
import { readConfig } from '../config/read-config.ts';
import type { GatewayContext } from '../context.ts';
import { SCOPES } from '../domain/caller.ts';
import { createSchema } from '../graph/schema.ts';
import { createExplainer } from './explainer.ts';

const USAGE = 'npm run explain -- QUERY.graphql [--variables JSON] [--operation NAME]';

/**
 * Prints the vendor calls that a query would take, without making any. What depends on their answers, such as a phone's
 * own app's phones, is not in it; nor is what rows in memory would spare.
 */
async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { variables: { type: 'string', default: '{}' }, operation: { type: 'string' } },
  });
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new Error(`Usage: ${USAGE}`);
  const { cursorKeys } = readConfig(process.env, systemFiles);
  const schema = createSchema();
  const document = parse(readFileSync(file, 'utf8'));
  const mistakes = validate(schema, document);
  if (mistakes.length > 0) throw new Error(mistakes.map(({ message }) => message).join('\n'));

  const explainer = createExplainer(cursorKeys.map((key) => Buffer.from(key.reveal())));
  const context: GatewayContext = {
    requestId: 'explain',
    caller: { name: 'explain', scopes: new Set(SCOPES) },
    // Whatever app is asked for: the plan is the same.
    apps: { list: () => [], find: (appId) => ({ appId, name: null }) },
    phones: explainer.phones,
    audit: { note: () => undefined, takeOne: () => () => undefined },
    objects: { spend: () => undefined },
  };
  const variableValues = JSON.parse(values.variables);
  const result = await execute({
    schema,
    document,
    contextValue: context,
    variableValues,
    operationName: values.operation,
  });
  for (const { message } of result.errors ?? []) console.error(message);
  // Beside an error "No call" would be taken for the plan of what failed.
  if (explainer.hasPlans() || result.errors === undefined) console.log(explainer.report());
  if (result.errors !== undefined) process.exitCode = 1;
}

await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
