import { createHash } from 'node:crypto';
import { type IncomingHttpHeaders, request } from 'node:http';

const SAMPLE_KEY = 'bDqJFiq9';
const SAMPLE_SECRET = '7bz1lzh9';

export interface RawAnswer {
  readonly httpStatus: number;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly bytes: Buffer;
  /** How it ended: whole, cut off, or with nothing more coming for a while. */
  readonly end: 'whole' | 'cut' | 'silence';
}

export interface RawRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How long silence lasts until the client hangs up, in milliseconds. Default 5000. */
  readonly patienceMs?: number;
  /** Hangs up after so many bytes of a body. */
  readonly bytesWanted?: number;
}

/** The headers of a call signed at a moment, in epoch seconds, by code that shares nothing with the sandbox's. */
export function signAt(seconds: number): Record<string, string> {
  const timestamp = String(seconds);
  return {
    'Content-Type': 'application/json;charset=UTF-8',
    'Api-Key': SAMPLE_KEY,
    Timestamp: timestamp,
    Sign: createHash('md5').update(`${SAMPLE_KEY}${SAMPLE_SECRET}${timestamp}`).digest('hex'),
  };
}

/** Sends one request on a connection of its own. Rejects when no headers come: with ECONNRESET, or `silence` as the code. */
export function fetchRaw(
  url: string,
  { patienceMs = 5000, ...options }: RawRequest = {},
): Promise<RawAnswer> {
  const { method = 'POST', headers = {}, body = '', bytesWanted = Number.POSITIVE_INFINITY } = options;
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers, agent: false, timeout: patienceMs }, (response) => {
      const chunks: Buffer[] = [];
      let silent = false;
      const finish = () => {
        const { statusCode: httpStatus = 0, headers: answered, rawHeaders, complete } = response;
        const end = silent ? 'silence' : complete ? 'whole' : 'cut';
        resolve({ httpStatus, headers: answered, rawHeaders, bytes: Buffer.concat(chunks), end });
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (Buffer.concat(chunks).length >= bytesWanted) call.destroy();
      });
      response.on('error', () => undefined);
      response.on('close', finish);
      // From here on an end that is none is told by the answer, not by a rejection.
      call.off('error', reject).on('error', () => undefined);
      call.removeAllListeners('timeout').on('timeout', () => {
        silent = true;
        call.destroy();
      });
    });
    call.on('timeout', () => call.destroy(Object.assign(new Error('nothing came'), { code: 'silence' })));
    call.on('error', reject);
    call.end(body);
  });
}

/** Makes one `sipQuery` call, signed now unless other headers are given. */
export function callSipQuery(baseUrl: string, body: unknown, options: RawRequest = {}): Promise<RawAnswer> {
  const headers = options.headers ?? signAt(Math.floor(Date.now() / 1000));
  return fetchRaw(`${baseUrl}/sipQuery`, { ...options, headers, body: JSON.stringify(body) });
}

/** The body of a call. */
export function askFor(appId: string, current: number, size: number): object {
  return { current, size, params: { appId } };
}

/** The text of an answer. */
export function readText({ bytes }: RawAnswer): string {
  return bytes.toString('utf8');
}
