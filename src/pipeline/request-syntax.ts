import { BadRequestError, CsrfPreventedError } from '../errors/request-errors.ts';

/** Reads a header by its name in lower case; null or undefined when there is none. */
export type GetHeader = (name: string) => string | null | undefined;

/**
 * Checks that a request is a POST with JSON, or a GET that no foreign page has caused.
 * @throws {BadRequestError | CsrfPreventedError}
 */
export function assertRequestSyntax(
  method: string | undefined,
  header: GetHeader,
  listedOrigins: readonly string[],
): void {
  if (method !== 'GET' && method !== 'POST')
    throw new BadRequestError('GraphQL is asked by GET or POST.', 405);
  if (method === 'GET') assertNoForeignPage(header, listedOrigins);
  else assertJsonBody(header);
}

function assertJsonBody(header: GetHeader): void {
  if (!isJson(header('content-type')))
    throw new BadRequestError('A POST request must carry "content-type: application/json", in UTF-8.', 415);
  const encoding = header('content-encoding')?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity')
    throw new BadRequestError('A request body must come without "content-encoding".', 415);
}

/** @throws {BadRequestError} for a client that wants to be told of changes. */
export function assertNoWebSocket(header: GetHeader): void {
  if (header('upgrade')?.toLowerCase() === 'websocket')
    throw new BadRequestError('This gateway has no subscriptions, and so no WebSocket. Ask by POST.');
}

/** Headers that a page of another origin cannot send unless its browser was allowed to in advance. */
const PREFLIGHT_HEADERS = [
  'x-apollo-operation-name',
  'apollo-require-preflight',
  'graphql-require-preflight',
];

/** What a form sends. Any other type takes a preflight. */
const SIMPLE_TYPES: ReadonlySet<string> = new Set([
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/plain',
]);

/**
 * Refuses a GET that a page of an unlisted origin may have caused. A browser says where a request comes from, but only to
 * https and to loopback: elsewhere it is told by its name. Programs need to prove nothing.
 */
function assertNoForeignPage(header: GetHeader, listedOrigins: readonly string[]): void {
  if (PREFLIGHT_HEADERS.some((name) => header(name) != null)) return;
  if (isBearer(header('authorization'))) return;
  if (isOtherThanForms(header('content-type'))) return;
  const origin = header('origin');
  if (origin != null && listedOrigins.includes(origin)) return;
  const site = header('sec-fetch-site');
  if (site === 'same-origin' || site === 'none') return;
  const isFromBrowser =
    site != null || origin != null || header('user-agent')?.startsWith('Mozilla/') === true;
  if (isFromBrowser) throw new CsrfPreventedError();
}

/** Not any scheme: a browser sends what it was told for "Basic" by itself. */
function isBearer(authorization: string | null | undefined): boolean {
  return authorization != null && /^(?:bearer|token) /i.test(authorization);
}

function isOtherThanForms(contentType: string | null | undefined): boolean {
  const [type = ''] = contentType?.toLowerCase().split(';') ?? [];
  return /^[\w.+-]+\/[\w.+-]+$/.test(type.trim()) && !SIMPLE_TYPES.has(type.trim());
}

const JSON_TYPES: ReadonlySet<string> = new Set(['application/json', 'application/graphql+json']);

/** Whether a `Content-Type` header says JSON, in UTF-8 or without a word about it. */
function isJson(contentType: string | null | undefined): boolean {
  if (contentType == null) return false;
  // What nearly everyone sends.
  if (contentType === 'application/json') return true;
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  return JSON_TYPES.has(type) && parameters.every((parameter) => !saysOtherCharset(parameter));
}

function saysOtherCharset(parameter: string): boolean {
  const [name = '', value = ''] = parameter.split('=');
  return name.trim() === 'charset' && !/^"?utf-?8"?$/.test(value.trim());
}
