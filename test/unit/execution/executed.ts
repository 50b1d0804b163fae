import type { ExecutionArgs, ExecutionResult } from 'graphql';
import type { Bounds } from '../../../src/domain/bounds.ts';
import { createExecutor, type Executor, type ExecutorOptions } from '../../../src/execution/executor.ts';
import { WrittenData } from '../../../src/execution/written-data.ts';
import { createManualTimers } from '../../support/manual-timers.ts';

const UNBOUNDED: Bounds = { deadlineAt: Number.POSITIVE_INFINITY };

/** No time passes, so that no turn ends but by what is written in it. */
const FROZEN = { ...createManualTimers(), monotonicNow: () => 0 };

export function createTestExecutor(options: Partial<ExecutorOptions> = {}): Executor {
  return createExecutor({ walls: { objects: 20_000, bytes: 2 ** 23 }, clock: FROZEN, ...options });
}

/** Executes what can be compiled; anything else is an error of the test. */
export async function executeCompiled(
  executor: Executor,
  args: ExecutionArgs,
  bounds = UNBOUNDED,
): Promise<ExecutionResult> {
  const preparation = executor.prepare(args);
  if ('errors' in preparation) return preparation;
  if (preparation.plan === undefined) throw new TypeError('This is not compiled.');
  return executor.execute(preparation, args, bounds);
}

/** The data of a result as it is sent. */
export function writeData({ data }: ExecutionResult): string | undefined {
  return data instanceof WrittenData ? data.text : JSON.stringify(data);
}

/** What a client would see of a result, and of messages what two executors have in common. */
export function present(result: ExecutionResult): unknown {
  return {
    text: writeData(result),
    errors: result.errors?.map(({ message, path, locations }) => ({
      message: withoutValue(message),
      path,
      locations,
    })),
  };
}

/** Where graphql-js quotes a value, this executor does not. */
function withoutValue(message: string): string {
  if (/cannot represent|\.serialize\(/.test(message))
    return `${/^(?:Enum "|Expected `)?(\w+)/.exec(message)?.[1]} …`;
  return message
    .replace(/^(Expected value of type "\w+") but got.*/s, '$1')
    .replace(/(resolved to a type) "\w+"/, '$1');
}
