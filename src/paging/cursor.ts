import { hkdfSync } from 'node:crypto';
import { ForeignCursorError, InvalidCursorError } from '../errors/argument-errors.ts';
import { parseSipHashKey, type SipHashKey, sipHash } from './sip-hash.ts';

/** Points at a row. The row and the one before it are known by fingerprints, so that both can be found again. */
export interface RowCursor {
  readonly kind: 'row';
  /** Where the row was, from 0. 0 says as well that it was the first of the list and had none before it. */
  readonly position: number;
  /** Rows in the list when the cursor was made. */
  readonly total: number;
  /** Says what a row of this account is to the cursor. */
  match(account: string): 'row' | 'predecessor' | undefined;
}

/** Points at a position, whichever row is there: made for page numbers. -1 is the place before the first row. */
export interface PositionCursor {
  readonly kind: 'position';
  readonly position: number;
  readonly total: number;
}

export type Cursor = RowCursor | PositionCursor;

/** Makes and reads the cursors of one app. Equal rows in equal lists give equal cursors. */
export interface AppCursors {
  encodeRow(position: number, total: number, account: string, predecessor: string | undefined): string;
  encodePosition(position: number, total: number): string;
  /**
   * @param argument where the text came from, for the error.
   * @throws {InvalidCursorError} when no known key has signed it. @throws {ForeignCursorError} when it is another app's.
   */
  decode(text: string, argument: string): Cursor;
}

export interface CursorCodec {
  forApp(appId: string): AppCursors;
}

/*
 * Layout, big-endian: kind (1) · app tag (6) · position + 1 (4) · total (4) · fingerprint of the row (8) · of the row
 * before (8) · MAC of all that (8). 39 bytes, a multiple of 3: base64url then has no spare bits that could change unseen.
 */
const KIND = { row: 0x11, position: 0x12 } as const;
const AT = { tag: 1, position: 7, total: 11, row: 15, predecessor: 23, mac: 31 } as const;
const TAG_BYTES = AT.position - AT.tag;
const CURSOR_BYTES = 39;
const CURSOR_LENGTH = 52;
/** Longer accounts are encoded outside the scratch buffer. A UTF-16 unit takes at most 3 bytes. */
const SCRATCH_BYTES = 3 * 128 + 1;
/** Apps of which what is derived is remembered. */
const MAX_APPS = 1000;

/** @param keys at least one, each of at least 32 bytes; the first signs, all verify. */
export function createCursorCodec(keys: readonly Uint8Array[]): CursorCodec {
  const rings = keys.map(createKeyRing);
  const [signing] = rings;
  if (signing === undefined) throw new RangeError('Cursors need at least one key.');

  /** What is derived for an app serves many requests. */
  const apps = new Map<string, AppCursors>();

  function createAppCursors(ring: KeyRing, appId: string): AppCursors {
    const own = ring.forApp(appId);
    return {
      encodeRow(position, total, account, predecessor) {
        return own.encode(KIND.row, position, total, account, predecessor);
      },
      encodePosition(position, total) {
        return own.encode(KIND.position, position, total, undefined, undefined);
      },
      decode(text, argument) {
        const bytes = Buffer.from(text.length === CURSOR_LENGTH ? text : '', 'base64url');
        // Node's decoder passes over what is not base64url: only the one canonical text is accepted.
        if (bytes.length !== CURSOR_BYTES || bytes.toString('base64url') !== text)
          throw new InvalidCursorError(argument);
        const signer = rings.find((candidate) => candidate.hasSigned(bytes));
        if (signer === undefined) throw new InvalidCursorError(argument);
        const app = signer === ring ? own : signer.forApp(appId);
        if (!app.owns(bytes)) throw new ForeignCursorError(argument);
        const position = bytes.readUInt32BE(AT.position) - 1;
        const total = bytes.readUInt32BE(AT.total);
        if (bytes[0] === KIND.position) return { kind: 'position', position, total };
        // A later version's, signed with the same key: replicas of two versions run side by side for a while.
        if (bytes[0] !== KIND.row) throw new InvalidCursorError(argument);
        return { kind: 'row', position, total, match: (account) => app.match(bytes, account) };
      },
    };
  }

  return {
    forApp(appId) {
      const known = apps.get(appId);
      if (known !== undefined) return known;
      if (apps.size >= MAX_APPS) apps.clear();
      const created = createAppCursors(signing, appId);
      apps.set(appId, created);
      return created;
    },
  };
}

type KeyRing = ReturnType<typeof createKeyRing>;

/** All that depends on one key: the MAC, and per app a tag and the fingerprints of its accounts. */
function createKeyRing(key: Uint8Array) {
  if (key.length < 32) throw new RangeError(`A cursor key has at least 32 bytes, not ${key.length}.`);
  // Whatever text an operator chose as key, all of it counts for both.
  const derived = Buffer.from(hkdfSync('sha256', key, '', 'cursors', 32));
  const macKey = parseSipHashKey(derived.subarray(0, 16));
  const appKey = parseSipHashKey(derived.subarray(16, 32));
  const scratch = new Uint8Array(SCRATCH_BYTES);
  const encoder = new TextEncoder();
  const hash = new Uint32Array(2);

  /** Leaves the hash of a text in `hash`. `salt` separates the uses of one key. */
  function hashText(hashKey: SipHashKey, salt: number, text: string): void {
    const bytes = text.length * 3 < SCRATCH_BYTES ? scratch : new Uint8Array(text.length * 3 + 1);
    bytes[0] = salt;
    let length = writeAscii(bytes, text);
    if (length === undefined) length = 1 + encoder.encodeInto(text, bytes.subarray(1)).written;
    sipHash(hashKey, bytes, length, hash);
  }

  function writeHash(bytes: Buffer, at: number): void {
    bytes.writeUInt32BE(hash[1] ?? 0, at);
    bytes.writeUInt32BE(hash[0] ?? 0, at + 4);
  }

  function isHashAt(bytes: Buffer, at: number): boolean {
    return bytes.readUInt32BE(at) === hash[1] && bytes.readUInt32BE(at + 4) === hash[0];
  }

  return {
    hasSigned(bytes: Buffer): boolean {
      sipHash(macKey, bytes, AT.mac, hash);
      return isHashAt(bytes, AT.mac);
    },

    forApp(appId: string) {
      const tag = Buffer.alloc(8);
      hashText(appKey, 0, appId);
      writeHash(tag, 0);
      const fingerprintBytes = Buffer.alloc(16);
      hashText(appKey, 1, appId);
      writeHash(fingerprintBytes, 0);
      hashText(appKey, 2, appId);
      writeHash(fingerprintBytes, 8);
      const fingerprintKey = parseSipHashKey(fingerprintBytes);
      const cursor = Buffer.alloc(CURSOR_BYTES);
      tag.copy(cursor, AT.tag, 0, TAG_BYTES);
      /** The account whose fingerprint stands in `cursor` as the row's. */
      let lastAccount: string | undefined;

      return {
        encode(
          kind: number,
          position: number,
          total: number,
          account?: string,
          predecessor?: string,
        ): string {
          cursor[0] = kind;
          cursor.writeUInt32BE(position + 1, AT.position);
          cursor.writeUInt32BE(total, AT.total);
          // Rows are encoded in order: one's predecessor is mostly the one before.
          if (predecessor !== undefined && predecessor === lastAccount) {
            cursor.copyWithin(AT.predecessor, AT.row, AT.predecessor);
          } else {
            writeFingerprint(AT.predecessor, predecessor);
          }
          writeFingerprint(AT.row, account);
          lastAccount = account;
          sipHash(macKey, cursor, AT.mac, hash);
          writeHash(cursor, AT.mac);
          return cursor.toString('base64url');
        },

        owns(bytes: Buffer): boolean {
          return bytes.compare(tag, 0, TAG_BYTES, AT.tag, AT.position) === 0;
        },

        match(bytes: Buffer, account: string): 'row' | 'predecessor' | undefined {
          hashText(fingerprintKey, 0, account);
          if (isHashAt(bytes, AT.row)) return 'row';
          return bytes.readUInt32BE(AT.position) > 1 && isHashAt(bytes, AT.predecessor)
            ? 'predecessor'
            : undefined;
        },
      };

      function writeFingerprint(at: number, account: string | undefined): void {
        if (account === undefined) {
          cursor.fill(0, at, at + 8);
        } else {
          hashText(fingerprintKey, 0, account);
          writeHash(cursor, at);
        }
      }
    },
  };
}

/** Writes a text behind the salt, without the encoder's detour. Undefined where it is not ASCII. @returns the bytes in use. */
function writeAscii(bytes: Uint8Array, text: string): number | undefined {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return undefined;
    bytes[i + 1] = code;
  }
  return text.length + 1;
}
