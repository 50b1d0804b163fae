/** Reads a file. Throws what the system throws, such as `ENOENT`. */
export type ReadFile = (path: string) => Uint8Array;

/** Most that a file of settings can be, in bytes: hundreds of callers take a tenth of it. */
const MAX_FILE_BYTES = 1024 * 1024;

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Decodes a file of settings: UTF-8, of which a byte order mark at its start is dropped. A fault quotes none of it. */
export function decodeTextFile(bytes: Uint8Array): { readonly text: string } | { readonly fault: string } {
  const fault = findFault(bytes);
  return fault === undefined ? { text: UTF8.decode(bytes) } : { fault };
}

function findFault(bytes: Uint8Array): string | undefined {
  if (bytes.length > MAX_FILE_BYTES) return `the file is over ${MAX_FILE_BYTES} bytes`;
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16) return 'the file is UTF-16; save it as UTF-8';
  const nul = bytes.indexOf(0);
  if (nul >= 0) return `line ${countLine(bytes, nul)}: a NUL character; save the file as UTF-8 text`;
  const invalid = findInvalidByte(bytes);
  return invalid === undefined
    ? undefined
    : `line ${countLine(bytes, invalid)}: not UTF-8; save the file as UTF-8`;
}

/** The position of the first byte that keeps the file from being UTF-8. */
function findInvalidByte(bytes: Uint8Array): number | undefined {
  // A decoder puts U+FFFD in the place of what it cannot read, so up to there both texts are of the same bytes.
  const encoded = new TextEncoder().encode(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  const position = encoded.findIndex((byte, index) => byte !== bytes[index]);
  return position < 0 ? undefined : position;
}

function countLine(bytes: Uint8Array, position: number): number {
  return bytes.subarray(0, position).filter((byte) => byte === 0x0a).length + 1;
}
