import type { IncomingMessage } from 'node:http';
import { BadRequestError } from '../errors/request-errors.ts';

/** Headers that Node would take once if they came twice: a proxy in front could have taken the other one. */
const SINGLE_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'content-length',
  'content-type',
  'host',
  'user-agent',
  'x-itnio-user-token',
]);

/**
 * Looks at what stands in the head of a request alone.
 * @throws {BadRequestError} for a header that stands there twice, for HTTP/1.1 without a host, and for an expectation that
 * no server meets.
 */
export function assertWellFormedHead(request: IncomingMessage): void {
  const { headers, rawHeaders } = request;
  let distinct = 0;
  for (const _ in headers) distinct++;
  if (distinct * 2 !== rawHeaders.length) assertSingle(rawHeaders);
  if (headers.host === undefined && request.httpVersion !== '1.0')
    throw new BadRequestError('The request names no host.');
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue')
    throw new BadRequestError('The only expectation that can be met is "100-continue".', 417);
}

function assertSingle(rawHeaders: readonly string[]): void {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    if (!SINGLE_HEADERS.has(name)) continue;
    if (seen.has(name)) throw new BadRequestError(`The header "${name}" stands there twice.`);
    seen.add(name);
  }
}
