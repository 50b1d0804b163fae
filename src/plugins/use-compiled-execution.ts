import type { Executor } from '../execution/executor.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';

/**
 * Vendor calls end at the deadline by themselves, with an error at their path and the rest of the answer beside it. What
 * has not come to an end this many milliseconds later is ended as a whole.
 */
const GRACE_MS = 250;

/**
 * Executes operations by plans made once per document. Plugins after it find the variables in the context, coerced; with
 * variables that are wrong they are not asked.
 */
export function useCompiledExecution(executor: Executor, requestTimeoutMs: () => number): PipelinePlugin {
  return {
    onExecute({ args, context, extendContext, setExecuteFn, setResultAndStopExecution }) {
      const preparation = executor.prepare(args);
      if ('errors' in preparation) {
        setResultAndStopExecution(preparation);
        return;
      }
      extendContext({ variables: preparation.variables });
      const { signal, arrivedAt } = context;
      const bounds = { signal, deadlineAt: arrivedAt + requestTimeoutMs() + GRACE_MS };
      setExecuteFn((finalArgs) => executor.execute(preparation, finalArgs, bounds));
    },
  };
}
