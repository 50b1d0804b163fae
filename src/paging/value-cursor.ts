import { createCipheriv, createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { ForeignCursorError, InvalidCursorError } from '../errors/argument-errors.ts';
import { type PhoneOrder, PLACE_LENGTH, type Place } from './phone-order.ts';

/** A place in an ordered list: that of a row, or the one before all rows. */
export type ValuePlace = Place | 'start';

/** Makes and reads the cursors of one app, one order and one filter. Equal places give equal cursors, on every replica. */
export interface ValueCursors {
  encode(place: ValuePlace): string;
  /**
   * @param argument where the text came from, for the error.
   * @throws {InvalidCursorError} when no known key has sealed it.
   * @throws {ForeignCursorError} when it is another app's, or of another order or filter.
   */
  decode(text: string, argument: string): ValuePlace;
}

/** Which list a cursor belongs to. */
export interface ListIdentity {
  readonly appId: string;
  readonly order: PhoneOrder;
  /** @see PhoneFilter.normalForm */
  readonly filter: string;
}

export interface ValueCursorCodec {
  forList(list: ListIdentity): ValueCursors;
}

/*
 * Layout: kind (1) · tag of the list (14) · seal (16) · place, encrypted and padded. A place holds a phone's name and its
 * account, which do not belong in a link. The seal is the HMAC of all the rest in clear, and the nonce of the encryption
 * at the same time (the construction of SIV, RFC 5297): one cursor for one place, and no nonce is ever used for two.
 * All lengths are multiples of 3: base64url then has no spare bits that could change unseen.
 */
const KIND = 0x21;
const AT = { tag: 1, seal: 15, place: 31 } as const;
/** Lengths tell little of a name: places are padded to 47, 95, 143 … bytes. */
const PLACE_STEP = 48;
const MAX_PLACE_BYTES = padTo(4 + 2 * PLACE_LENGTH + 2 * PLACE_LENGTH + 16);
/** Longest cursor, in characters. */
export const MAX_VALUE_CURSOR_LENGTH = ((AT.place + MAX_PLACE_BYTES) / 3) * 4;

/** Whether a text claims to be a cursor of an ordered list. Asked for every window: its first byte is found without a buffer. */
export function looksLikeValueCursor(text: string): boolean {
  return (BASE64URL.indexOf(text.charAt(0)) << 2) + (BASE64URL.indexOf(text.charAt(1)) >> 4) === KIND;
}

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** @param keys at least one, each of at least 32 bytes; the first seals, all open. */
export function createValueCursorCodec(keys: readonly Uint8Array[]): ValueCursorCodec {
  const rings = keys.map(createKeyRing);
  const [sealing] = rings;
  if (sealing === undefined) throw new RangeError('Cursors need at least one key.');

  return {
    forList(list) {
      const tag = sealing.tagOf(list);
      return {
        encode: (place) => sealing.seal(tag, encodePlace(place)),
        decode(text, argument) {
          const bytes = Buffer.from(text.length <= MAX_VALUE_CURSOR_LENGTH ? text : '', 'base64url');
          // Node's decoder passes over what is not base64url: only the one canonical text is accepted.
          if (bytes.length <= AT.place || bytes[0] !== KIND || bytes.toString('base64url') !== text)
            throw new InvalidCursorError(argument);
          for (const ring of rings) {
            const place = ring.open(bytes);
            if (place === undefined) continue;
            const own = ring === sealing ? tag : ring.tagOf(list);
            if (!own.equals(bytes.subarray(AT.tag, AT.seal))) throw new ForeignCursorError(argument);
            return decodePlace(place);
          }
          throw new InvalidCursorError(argument);
        },
      };
    },
  };
}

/** All that depends on one key. */
function createKeyRing(key: Uint8Array) {
  if (key.length < 32) throw new RangeError(`A cursor key has at least 32 bytes, not ${key.length}.`);
  const derived = Buffer.from(hkdfSync('sha256', key, '', 'cursors of ordered lists', 64));
  const macKey = derived.subarray(0, 32);
  const encryptionKey = derived.subarray(32, 64);

  /** @param head kind and tag. */
  function sealOf(head: Buffer, place: Buffer): Buffer {
    return createHmac('sha256', macKey).update(head).update(place).digest().subarray(0, 16);
  }

  function crypt(seal: Buffer, bytes: Buffer): Buffer {
    return createCipheriv('aes-256-ctr', encryptionKey, seal).update(bytes);
  }

  return {
    tagOf({ appId, order, filter }: ListIdentity): Buffer {
      const text = JSON.stringify([appId, order.field, order.direction, filter]);
      return createHmac('sha256', macKey)
        .update('list')
        .update(createHash('sha256').update(text).digest())
        .digest()
        .subarray(0, AT.seal - AT.tag);
    },

    seal(tag: Buffer, place: Buffer): string {
      const head = Buffer.concat([Buffer.of(KIND), tag]);
      const seal = sealOf(head, place);
      return Buffer.concat([head, seal, crypt(seal, place)]).toString('base64url');
    },

    open(bytes: Buffer): Buffer | undefined {
      const seal = bytes.subarray(AT.seal, AT.place);
      const place = crypt(seal, bytes.subarray(AT.place));
      return timingSafeEqual(seal, sealOf(bytes.subarray(0, AT.seal), place)) ? place : undefined;
    },
  };
}

/*
 * A place: what it is (1), units of the key (1), units of the account (1), the texts in UTF-16, which holds a surrogate
 * that was cut from its pair, and the digest.
 */
const PLACE_KIND = { start: 0, row: 1, rowOfNull: 2 } as const;

function encodePlace(place: ValuePlace): Buffer {
  if (place === 'start') return pad(Buffer.of(PLACE_KIND.start));
  const key = place.key ?? '';
  const head = Buffer.of(
    place.key === null ? PLACE_KIND.rowOfNull : PLACE_KIND.row,
    key.length,
    place.account.length,
    place.digest.length,
  );
  return pad(
    Buffer.concat([
      head,
      Buffer.from(key, 'utf16le'),
      Buffer.from(place.account, 'utf16le'),
      Buffer.from(place.digest, 'latin1'),
    ]),
  );
}

function pad(bytes: Buffer): Buffer {
  const padded = Buffer.alloc(padTo(bytes.length));
  bytes.copy(padded);
  return padded;
}

function padTo(length: number): number {
  return Math.ceil((length + 1) / PLACE_STEP) * PLACE_STEP - 1;
}

/** Reads what a key of ours has sealed. */
function decodePlace(bytes: Buffer): ValuePlace {
  const [kind, keyLength = 0, accountLength = 0, digestLength = 0] = bytes;
  if (kind === PLACE_KIND.start) return 'start';
  const accountAt = 4 + 2 * keyLength;
  const digestAt = accountAt + 2 * accountLength;
  return {
    key: kind === PLACE_KIND.rowOfNull ? null : bytes.toString('utf16le', 4, accountAt),
    account: bytes.toString('utf16le', accountAt, digestAt),
    digest: bytes.toString('latin1', digestAt, digestAt + digestLength),
  };
}
