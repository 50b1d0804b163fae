import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/**
 * The ways in which a vendor that keeps to its page may still differ from the sandbox. Written from what is known of the
 * vendor alone; it shares no line with the sandbox.
 */
export const DIFFERENCES = [
  'status is a number',
  'counts are texts',
  'unknown keys everywhere',
  'keys in another order',
  'reason is missing',
  'escaped and indented JSON',
  'data is null on failure',
  'records are null when there are none',
  'no displayNum is a missing key',
  'no displayNum is null',
  'no displayNum is ""',
  'page 1 again behind the end',
  'at most 50 rows on a page',
  'text/plain',
  'no Content-Type',
  'a byte order mark',
  'header names in upper case',
  'a session cookie',
  'chunks of 7 bytes',
  'gzip',
  'no Date',
  'a connection for each call',
] as const;

export type Difference = (typeof DIFFERENCES)[number];

/** A phone as this upstream stores it; null stands for a number that was never given. */
export interface StoredPhone {
  readonly account: string;
  readonly phoneName: string | null;
  readonly groupName: string | null;
  readonly displayNum: string | null;
  readonly password: string | null;
}

/** Another server of `POST /voice/sipQuery`. */
export interface OtherUpstream {
  readonly baseUrl: string;
  /** By app id. Tests change the lists at will; an app that is not there is a wrong parameter. */
  readonly lists: Map<string, readonly StoredPhone[]>;
  /** How it differs from now on. */
  differ(...differences: readonly Difference[]): void;
  /** Calls so far. */
  readonly callCount: number;
  /** What was wrong with requests, in words. Empty for a client that keeps to the vendor's page. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

const TOLERANCE_SECONDS = 1800;

export async function createOtherUpstream(credentials: {
  readonly apiKey: string;
  readonly apiSecret: string;
}): Promise<OtherUpstream> {
  const lists = new Map<string, readonly StoredPhone[]>();
  const complaints: string[] = [];
  let differences: ReadonlySet<Difference> = new Set();
  let callCount = 0;

  function findFault({ headers, method, url }: IncomingMessage): string | undefined {
    if (method !== 'POST' || url !== '/other/voice/sipQuery') return '-22';
    if (headers['content-type'] !== 'application/json;charset=UTF-8') return '-22';
    if (headers.cookie !== undefined) complaints.push('a cookie came back');
    const { 'api-key': key, timestamp, sign } = headers;
    const text = `${credentials.apiKey}${credentials.apiSecret}${timestamp}`;
    const expected = createHash('md5').update(text).digest('hex').toUpperCase();
    if (key !== credentials.apiKey || String(sign).toUpperCase() !== expected) return '-1';
    return Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS ? '-16' : undefined;
  }

  function answer(request: IncomingMessage, bodyText: string): object {
    const fault = findFault(request);
    if (fault !== undefined) return fail(fault);
    const { current, size, params } = JSON.parse(bodyText);
    const rows = lists.get(params?.appId);
    if (!(current >= 1 && size >= 1 && size <= 100) || rows === undefined) return fail('-22');
    return succeed(rows, current, size);
  }

  function fail(status: string): object {
    complaints.push(`a call was answered with ${status}`);
    return envelope(status, 'no', differences.has('data is null on failure') ? { data: null } : {});
  }

  function succeed(rows: readonly StoredPhone[], asked: number, askedSize: number): object {
    const size = differences.has('at most 50 rows on a page') ? Math.min(50, askedSize) : askedSize;
    const isBehindTheEnd = asked > 1 && (asked - 1) * size >= rows.length;
    const current = isBehindTheEnd && differences.has('page 1 again behind the end') ? 1 : asked;
    const records = rows.slice((current - 1) * size, current * size).map(toRecord);
    const count = differences.has('counts are texts') ? String : (number: number) => number;
    const isNull = rows.length === 0 && differences.has('records are null when there are none');
    return envelope('0', 'ok', {
      data: order({
        total: count(rows.length),
        size: count(size),
        current: count(current),
        pages: count(Math.ceil(rows.length / size)),
        records: isNull ? null : records,
        ...(differences.has('unknown keys everywhere') ? { searchCount: true, orders: [] } : {}),
      }),
    });
  }

  function toRecord({ groupName, phoneName, account, password, displayNum }: StoredPhone): object {
    const none = differences.has('no displayNum is null')
      ? { displayNum: null }
      : differences.has('no displayNum is ""')
        ? { displayNum: '' }
        : {};
    return order({
      groupName,
      phoneName,
      account,
      password,
      ...(displayNum === null ? none : { displayNum }),
      ...(differences.has('unknown keys everywhere') ? { total: 7, appId: 'another', status: null } : {}),
    });
  }

  function envelope(status: string, reason: string, rest: object): object {
    return order({
      status: differences.has('status is a number') ? Number(status) : status,
      ...(differences.has('reason is missing') ? {} : { reason }),
      ...rest,
      ...(differences.has('unknown keys everywhere') ? { traceId: 'x', success: false } : {}),
    });
  }

  function order(value: object): object {
    if (!differences.has('keys in another order')) return value;
    return Object.fromEntries(Object.entries(value).reverse());
  }

  function encode(value: object): Buffer {
    const isIndented = differences.has('escaped and indented JSON');
    const text = JSON.stringify(value, null, isIndented ? 2 : undefined);
    const escaped = isIndented
      ? text.replace(
          /[_\u0080-\uffff]/g,
          (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
        )
      : text;
    return Buffer.from(differences.has('a byte order mark') ? `\ufeff${escaped}` : escaped);
  }

  function send(response: ServerResponse, value: object): void {
    const isZipped = differences.has('gzip');
    const body = isZipped ? gzipSync(encode(value)) : encode(value);
    const type = differences.has('text/plain') ? 'text/plain' : 'application/json';
    const isInChunks = differences.has('chunks of 7 bytes');
    const headers: Record<string, string> = {
      ...(differences.has('no Content-Type') ? {} : { 'Content-Type': type }),
      ...(isInChunks ? {} : { 'Content-Length': String(body.length) }),
      ...(isZipped ? { 'Content-Encoding': 'gzip' } : {}),
      ...(differences.has('a session cookie') ? { 'Set-Cookie': 'JSESSIONID=B0B; Path=/; HttpOnly' } : {}),
    };
    if (differences.has('no Date')) response.sendDate = false;
    if (differences.has('a connection for each call')) response.shouldKeepAlive = false;
    const inUpperCase = differences.has('header names in upper case');
    for (const [name, text] of Object.entries(headers))
      response.setHeader(inUpperCase ? name.toUpperCase() : name, text);
    if (isInChunks) for (let at = 0; at < body.length; at += 7) response.write(body.subarray(at, at + 7));
    response.end(isInChunks ? undefined : body);
  }

  const server = createServer((request, response) => {
    callCount++;
    let bodyText = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      bodyText += text;
    });
    request.once('end', () => send(response, answer(request, bodyText)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    baseUrl: `http://127.0.0.1:${port}/other/voice`,
    lists,
    differ(...chosen) {
      differences = new Set(chosen);
    },
    get callCount() {
      return callCount;
    },
    complaints,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
