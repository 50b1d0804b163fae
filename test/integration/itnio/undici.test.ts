import { underTest } from './transport-under-test.ts';

// Everything that is promised of the client holds whichever way it sends.
underTest.transport = 'undici';
await import('./breaker.test.ts');
await import('./client.test.ts');
await import('./clock-healing.test.ts');
await import('./deadlines.test.ts');
await import('./endpoint.test.ts');
await import('./faults.test.ts');
await import('./rate-limit.test.ts');
await import('./secrecy.test.ts');
