import { readFileSync } from 'node:fs';
import { type DocumentNode, execute, GraphQLError, parse, validate } from 'graphql';
import { systemFiles } from '../config/files.ts';
import { readConfig } from '../config/read-config.ts';
import type { VariableRecord } from '../config/variables.ts';
import type { GatewayContext } from '../context.ts';
import { SCOPES } from '../domain/caller.ts';
import { findErrorCode } from '../domain/error-code.ts';
import { createExplainer } from '../explain/explainer.ts';
import { createSchema } from '../graph/schema.ts';
import { type CommandInput, type ExitCode, UsageError } from './command.ts';

/**
 * Prints the vendor calls that a query would take, without making any. What depends on their answers, such as a phone's
 * own app's phones, is not in it; nor is what rows in memory would spare.
 */
export async function runExplain(
  file: string,
  values: CommandInput['values'],
  environment: VariableRecord,
): Promise<ExitCode> {
  const variableValues = parseVariables(values['variables']);
  const { cursorKeys, passwords } = readConfig(environment, systemFiles);
  const schema = createSchema({}, { passwords });
  const document = readDocument(file);
  const mistakes = document instanceof GraphQLError ? [document] : validate(schema, document);
  if (document instanceof GraphQLError || mistakes.length > 0) {
    for (const { message } of mistakes) console.error(message);
    return 1;
  }

  const explainer = createExplainer(cursorKeys.map((key) => Buffer.from(key.reveal())));
  const context: GatewayContext = {
    requestId: 'explain',
    caller: { name: 'explain', scopes: new Set(SCOPES) },
    // Whatever app is asked for: the plan is the same.
    apps: { list: () => [], find: (appId) => ({ appId, name: null }) },
    phones: explainer.phones,
    audit: { note: () => undefined, takeOne: () => () => undefined },
    objects: { spend: () => undefined, countEntities: () => Number.POSITIVE_INFINITY },
  };
  const result = await execute({
    schema,
    document,
    contextValue: context,
    variableValues,
    operationName: typeof values['operation'] === 'string' ? values['operation'] : null,
  });
  for (const { message } of result.errors ?? []) console.error(message);
  // Beside an error "No call" would be taken for the plan of what failed.
  if (explainer.hasPlans() || result.errors === undefined) console.log(explainer.report());
  return result.errors === undefined ? 0 : 1;
}

function parseVariables(text: string | true | undefined): Record<string, unknown> {
  if (typeof text !== 'string') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below.
  }
  throw new UsageError('--variables: expected a JSON object.');
}

function readDocument(file: string): DocumentNode | GraphQLError {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw new UsageError(`${file} cannot be read (${findErrorCode(error) ?? 'unknown'}).`);
  }
}
