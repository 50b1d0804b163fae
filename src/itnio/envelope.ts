import { UpstreamBadResponseError } from '../errors/upstream-errors.ts';

/** What every answer of the vendor's API is wrapped in. Its `reason` is left out on purpose: nobody may branch on it or show it. */
export interface Envelope {
  /** A code as text, `"0"` for success. */
  readonly status: string;
  /** Undefined or null where the call failed. */
  readonly data: unknown;
}

/** Turns bodies into envelopes. One decoder serves all calls; it keeps nothing of them. */
export interface EnvelopeDecoder {
  /**
   * Reads a body as strict UTF-8 JSON, with or without a byte order mark, whatever its content type claims.
   * @throws {UpstreamBadResponseError} that may pass: no application of the vendor answers like that, a proxy might.
   */
  decode(body: Uint8Array): Envelope;
}

export function createEnvelopeDecoder(): EnvelopeDecoder {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  return {
    decode(body) {
      const envelope = parseJson(decodeText(utf8, body));
      if (!isObject<'status' | 'data'>(envelope)) throw unreadable('answer: expected an object');
      const { status, data } = envelope;
      // Sibling endpoints send the status as a number.
      if (typeof status !== 'string' && typeof status !== 'number')
        throw unreadable('status: expected a string');
      return { status: String(status), data };
    },
  };
}

/** A JSON object of which some keys are of interest, and nothing is known yet. */
export type Untrusted<Key extends string> = { readonly [key in Key]?: unknown };

export function isObject<Key extends string>(value: unknown): value is Untrusted<Key> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function decodeText(utf8: TextDecoder, body: Uint8Array): string {
  if (body.length === 0) throw unreadable('body: expected JSON, got nothing');
  try {
    return utf8.decode(body);
  } catch {
    throw unreadable('body: expected UTF-8');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message is dropped: it quotes the body, and so may show a SIP password.
    throw unreadable('body: expected JSON');
  }
}

function unreadable(fault: string): UpstreamBadResponseError {
  return new UpstreamBadResponseError(fault, { mayPass: true });
}
