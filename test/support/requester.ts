import { type Requester, Waiters } from '../../src/domain/requester.ts';

/** A requester that is told from no other, has no limit, and is not at its first call. */
export function createRequester(options: Partial<Requester> = {}): Requester {
  return {
    share: 'tests',
    mostOfSlots: 1,
    requestId: 'test',
    allowance: undefined,
    hasCalled: true,
    ...options,
  };
}

/** Only one waits for the call. */
export function createWaiters(options: Partial<Requester> = {}): Waiters {
  return new Waiters(createRequester(options));
}
