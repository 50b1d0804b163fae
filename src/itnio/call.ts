import type { Bounds } from '../domain/bounds.ts';
import type { Endpoint } from './endpoint.ts';

/** One call of an endpoint. Each layer of the client is one of these around the next: retry, queue, hold, sign and send. */
export type Call = <Request, Answer>(
  endpoint: Endpoint<Request, Answer>,
  request: Request,
  options: Bounds,
) => Promise<Answer>;

/** Shortest time, in milliseconds, in which an attempt is still worth starting. */
export const MIN_ATTEMPT_MS = 300;

/** Upper end, in milliseconds, of the random wait that keeps calls from being sent again all together; the lower end is 0. */
export const MAX_JITTER_MS = 100;
