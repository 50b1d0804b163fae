import { readFileSync } from 'node:fs';
import type { Config, Upstream } from '../config/config.ts';
import { systemFiles } from '../config/files.ts';
import { readConfig } from '../config/read-config.ts';
import type { VariableRecord } from '../config/variables.ts';
import { ANONYMOUS, type Caller } from '../domain/caller.ts';
import { findErrorCode } from '../domain/error-code.ts';
import { Secret } from '../domain/secret.ts';
import { type ExplainedError, explainOperation } from '../explain/explain-operation.ts';
import { DEFAULT_APPS } from '../sandbox/apps.ts';
import { type CommandInput, type ExitCode, UsageError } from './command.ts';

/**
 * Prints the vendor calls that a query would take, without making any, or why the gateway refuses it. What depends on
 * their answers, such as a phone's own app's phones, is not in it; nor is what rows in memory would spare.
 */
export async function runExplain(
  file: string,
  values: CommandInput['values'],
  environment: VariableRecord,
): Promise<ExitCode> {
  const request = {
    query: readDocument(file),
    operationName: typeof values['operation'] === 'string' ? values['operation'] : undefined,
    variables: parseVariables(values['variables']),
  };
  const config = readConfig(environment, systemFiles);
  const caller = findCaller(values['as'], config);
  const { plan, errors, operationNames, anonymousErrors } = await explainOperation(
    { ...request, caller },
    config,
    findUpstream(config),
  );
  for (const error of errors) console.error(describe(error));
  if (operationNames !== undefined) console.error(adviseOperation(operationNames));
  if (plan !== undefined) console.log(plan);
  for (const error of anonymousErrors)
    console.log(`\nRefused to callers without a token: ${describe(error)}`);
  return errors.length === 0 ? 0 : 1;
}

/** @throws {UsageError} naming those that there are. */
function findCaller(name: string | true | undefined, { callers }: Config): Caller | 'anonymous' | undefined {
  if (name === undefined) return undefined;
  if (name === ANONYMOUS) return ANONYMOUS;
  const entry = callers.find((caller) => caller.name === name);
  if (entry !== undefined) return { ...entry, known: true };
  const names = [...callers.map((caller) => caller.name), ANONYMOUS].join(', ');
  throw new UsageError(`--as: there is no caller "${name}"; there are: ${names}.`);
}

/** The configured account; without one what the sandbox would serve, which nobody asks. */
function findUpstream({ upstream }: Config): Upstream {
  if (upstream !== undefined) return upstream;
  const noSecret = new Secret('sandbox');
  const apps = DEFAULT_APPS.map(({ appId, name }) => ({ appId, name }));
  return { baseUrl: 'http://127.0.0.1', apiKey: noSecret, apiSecret: noSecret, apps };
}

function describe({ message, code, place }: ExplainedError): string {
  return `${message} (${code}${place === undefined ? '' : `, at ${place.line}:${place.column}`})`;
}

function adviseOperation(names: readonly string[]): string {
  return names.length > 0
    ? `Name it by --operation: ${names.join(', ')}.`
    : 'The file has no operation with a name: leave one operation in it, and leave out --operation.';
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

function readDocument(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${findErrorCode(error) ?? 'unknown'}).`);
  }
  if (text.trim() === '') throw new UsageError(`${file} is empty.`);
  return text;
}
