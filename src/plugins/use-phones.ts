import type { CallAllowances } from '../callers/call-allowances.ts';
import { findMostOfShared } from '../domain/caller.ts';
import { shareOfAddress } from '../domain/requester.ts';
import type { PhoneDirectory } from '../phones/phones.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';

/**
 * Opens the phone directory for one request, bounded by its deadline and by its client's patience.
 * @param options.hasCallers whether anybody holds a token: if not, clients are told apart by their addresses.
 */
export function usePhones(
  directory: PhoneDirectory,
  options: {
    readonly requestTimeoutMs: () => number;
    readonly allowances: CallAllowances;
    readonly hasCallers: () => boolean;
  },
): PipelinePlugin {
  const { requestTimeoutMs, allowances, hasCallers } = options;
  return {
    onContextBuilding({ context, extendContext }) {
      const { signal, arrivedAt, requestId, caller, clientAddress } = context;
      if (caller === undefined) throw new TypeError('Nobody has said who asks.');
      const isShared = hasCallers();
      const requester = {
        share: isShared ? caller.name : shareOfAddress(clientAddress),
        mostOfSlots: isShared ? findMostOfShared(caller) : 1,
        requestId,
        allowance: allowances.find(caller),
        hasCalled: false,
      };
      extendContext({
        phones: directory.open({ signal, deadlineAt: arrivedAt + requestTimeoutMs(), requester }),
      });
    },
  };
}
