import type { Clock } from '../domain/clock.ts';
import { findErrorCode } from '../domain/error-code.ts';
import type { OpenDescriptor } from './open-descriptor.ts';
import { endsLine, LINE_END, type Output } from './output.ts';

/** First and longest pause before a descriptor that takes nothing is tried again, in milliseconds. */
const FIRST_PAUSE_MS = 1;
const MAX_PAUSE_MS = 50;

/**
 * Lines to an open descriptor: partial writes are continued, and one that takes nothing at the moment is tried again
 * until it does. After a failed write the next line is a line of its own.
 * @param mustReachDisk whether records wait until they would survive a loss of power, where they go to a file.
 */
export function createDescriptorOutput(
  { writeSome, writeNow, sync }: OpenDescriptor,
  { startTimer }: Pick<Clock, 'startTimer'>,
  mustReachDisk = false,
): Output {
  let isTorn = false;

  async function writeOrWait(bytes: Buffer): Promise<number> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
      try {
        const written = await writeSome(bytes);
        // "Cannot happen", and would be a loop without progress.
        if (written < 1) throw new RangeError(`A write of ${bytes.length} bytes has taken ${written}.`);
        return written;
      } catch (error) {
        if (findErrorCode(error) !== 'EAGAIN') throw error;
        await new Promise<void>((resolve) => startTimer(resolve, pauseMs));
      }
    }
  }

  return {
    async write(bytes, onProgress, hasRecord) {
      const prefix = isTorn ? LINE_END.length : 0;
      const all = isTorn ? Buffer.concat([LINE_END, bytes]) : bytes;
      let written = 0;
      while (written < all.length) {
        written += await writeOrWait(all.subarray(written));
        isTorn = !endsLine(all.subarray(0, written));
        onProgress(Math.max(written - prefix, 0));
      }
      if (mustReachDisk && hasRecord) await sync?.();
    },
    writeNow(bytes) {
      writeNow(isTorn ? Buffer.concat([LINE_END, bytes]) : bytes);
    },
  };
}
