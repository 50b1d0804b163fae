/** Where whole lines go. */
export interface Output {
  /**
   * Writes all bytes, or rejects with a system error. Never called again before it has settled.
   * @param onProgress is told how many of the bytes are written so far, whenever some are.
   * @param hasRecord whether someone waits for them, so that they have to survive a loss of power where they can.
   */
  write(bytes: Buffer, onProgress: (written: number) => void, hasRecord: boolean): Promise<void>;
  /** Writes what can be written without waiting: for a process that ends now. */
  writeNow?(bytes: Buffer): void;
}

/**
 * Writes some of the bytes, from the front, and says how many.
 * @throws EAGAIN, a system error, when none can be taken at the moment.
 */
export type WriteSome = (bytes: Buffer) => number | Promise<number>;

/** The end of a line that was torn off: what comes next stands on a line of its own. */
export const LINE_END = Buffer.from('\n');

export function endsLine(bytes: Buffer): boolean {
  return bytes.length === 0 || bytes.at(-1) === LINE_END[0];
}
