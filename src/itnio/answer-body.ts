import { hash } from 'node:crypto';
import type { Envelope, EnvelopeDecoder } from './envelope.ts';

/** The body of an answer, of which no more is read than somebody asks for. */
export class AnswerBody {
  readonly #bytes: Uint8Array;
  readonly #decoder: EnvelopeDecoder;
  #envelope: Envelope | undefined;
  #digest: string | undefined;

  constructor(bytes: Uint8Array, decoder: EnvelopeDecoder) {
    this.#bytes = bytes;
    this.#decoder = decoder;
  }

  get byteLength(): number {
    return this.#bytes.byteLength;
  }

  /** @throws {UpstreamBadResponseError} as the decoder does. */
  get envelope(): Envelope {
    this.#envelope ??= this.#decoder.decode(this.#bytes);
    return this.#envelope;
  }

  /** Its SHA-256, a byte in each of 32 UTF-16 units. */
  get digest(): string {
    this.#digest ??= hash('sha256', this.#bytes, 'binary');
    return this.#digest;
  }
}
