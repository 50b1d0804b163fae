import type { CallAllowances } from '../callers/call-allowances.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';

/** Turns away who has no vendor call left, before the document is looked at. Stands behind the plugin that says who asks. */
export function useCallAllowance(allowances: CallAllowances): PipelinePlugin {
  return {
    onEnveloped({ context }) {
      if (context?.caller !== undefined) allowances.find(context.caller)?.assertLeft();
    },
  };
}
