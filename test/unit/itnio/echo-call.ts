import type { Requester } from '../../../src/domain/requester.ts';
import { type Endpoint, VendorCall } from '../../../src/itnio/call.ts';
import { createWaiters } from '../../support/requester.ts';

/** An endpoint that answers what it is asked. */
const echo: Endpoint<string, string> = {
  name: 'echo',
  path: '/echo',
  isRepeatable: true,
  encode: (query) => query,
  decode: (_, query) => query,
  appIdOf: (query) => query,
  describe: (query) => ({ query }),
};

/** A call of it, with a deadline at 8000. */
export function createEchoCall(
  name: string,
  options: Partial<Pick<VendorCall<string, string>, 'deadlineAt' | 'signal' | 'waiters'>> & {
    readonly requester?: Partial<Requester>;
    readonly isRepeatable?: boolean;
  } = {},
): VendorCall<string, string> {
  const { requester, isRepeatable = true, ...bounds } = options;
  return new VendorCall({ ...echo, isRepeatable }, name, {
    deadlineAt: 8_000,
    waiters: createWaiters(requester),
    ...bounds,
  });
}
