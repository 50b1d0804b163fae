import { constants, fdatasync, fstatSync, openSync, write, writeSync } from 'node:fs';
import type { WriteSome } from './output.ts';

/** A descriptor of this process that can be written without blocking the event loop. */
export interface OpenDescriptor {
  readonly writeSome: WriteSome;
  /** Writes what can be written at once: for a process that ends now. */
  writeNow(bytes: Buffer): void;
  /** Waits until what is written would survive a loss of power; undefined where it is no file. */
  readonly sync: (() => Promise<void>) | undefined;
}

/** Opens a descriptor of this process, such as that of standard output: whoever reads the other end may stall. */
export function openDescriptor(fd: number): OpenDescriptor {
  const own = findNonBlocking(fd);
  return {
    writeSome: own === undefined ? writeInThread(fd) : (bytes) => writeSync(own, bytes),
    writeNow: (bytes) => writeSync(own ?? fd, bytes),
    sync: isFile(fd) ? () => syncInThread(fd) : undefined,
  };
}

function findNonBlocking(fd: number): number | undefined {
  // Files never say that they would block.
  if (isFile(fd)) return undefined;
  try {
    // What cannot be written must not become writable by being opened again.
    writeSync(fd, Buffer.alloc(0));
  } catch {
    return undefined;
  }
  return openAgain(fd) ?? makeNonBlocking(fd);
}

/** A pipe, a FIFO or a terminal that is opened once more does not block us, and goes on blocking whoever else has it. */
function openAgain(fd: number): number | undefined {
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
}

/** A socket, such as that of systemd's journal, cannot be opened; Node makes it non-blocking as it makes a stream of it. */
function makeNonBlocking(fd: number): number | undefined {
  return fd === process.stdout.fd && !process.stdout.isTTY ? fd : undefined;
}

/** A disk that hangs holds a thread then, and not the event loop. */
function writeInThread(fd: number): WriteSome {
  return (bytes) =>
    new Promise((resolve, reject) => {
      write(fd, bytes, (error, written) => (error ? reject(error) : resolve(written)));
    });
}

function syncInThread(fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fdatasync(fd, (error) => (error ? reject(error) : resolve()));
  });
}

/** False for what is not open at all. */
function isFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}
