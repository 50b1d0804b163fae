import type { TransportName } from '../../../src/itnio/transport/exchange.ts';

/** What the clients of a test file send with. `undici.test.ts` changes it before it runs the other files. */
export const underTest: { transport: TransportName } = { transport: 'node-fetch' };
