import type { PhoneDirectory } from '../phones/phones.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';

/** Opens the phone directory for one request, bounded by its deadline and by its client's patience. */
export function usePhones(directory: PhoneDirectory, requestTimeoutMs: () => number): PipelinePlugin {
  return {
    onContextBuilding({ context, extendContext }) {
      const { signal, arrivedAt } = context;
      extendContext({ phones: directory.open({ signal, deadlineAt: arrivedAt + requestTimeoutMs() }) });
    },
  };
}
