import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { killProgram, startProgram } from '../support/program.ts';

/** A gateway as a process with little memory, and clients that do not behave. */
export interface Siege {
  readonly origin: string;
  /** Opens connections that send a text each and read nothing. Resolves once the text is sent, or cannot be. */
  open(connections: number, text: string): Promise<readonly Socket[]>;
  /** Whether the process answers at `/live` on a new connection. */
  isAlive(): Promise<boolean>;
  /** The most memory that the process has held so far, in MB. */
  peakMemory(): number;
  /** Leaves nothing behind. */
  end(): void;
}

const HEAP_MB = 400;

export async function laySiege(variables: Readonly<Record<string, string>> = {}): Promise<Siege> {
  const program = startProgram('node', {
    NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`,
    ...variables,
  });
  const origin = await program.origin;
  const port = Number(new URL(origin).port);
  const sockets = new Set<Socket>();

  function openOne(text: string): Promise<Socket> {
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      sockets.add(socket);
      socket.pause();
      socket.once('error', () => resolve(socket));
      socket.once('connect', () => socket.write(text, () => resolve(socket)));
    });
  }

  return {
    origin,
    open: (connections, text) => Promise.all(Array.from({ length: connections }, () => openOne(text))),
    async isAlive() {
      const response = await fetch(`${origin}/live`, { headers: { connection: 'close' } });
      return (await response.text()) === '{"live":true}';
    },
    peakMemory() {
      const status = readFileSync(`/proc/${program.process.pid}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
    },
    end() {
      for (const socket of sockets) socket.destroy();
      killProgram(program);
    },
  };
}
