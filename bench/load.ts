import { type Connection, openConnection } from './connection.ts';

/** What clients saw of a server for a while. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** From sending a request to the last byte of its answer. */
  readonly latenciesMs: readonly number[];
}

/** Clients, connected, that each send the next request as soon as they have the answer to the last. */
export interface Load {
  run(durationMs: number): Promise<LoadResult>;
  close(): void;
}

export interface LoadOptions {
  readonly clients: number;
  /** Whether errors are what is asked for. Any other one ends the load. */
  readonly isWrong: boolean;
}

/** @param next gives the next request of all clients. */
export async function openLoad(
  port: number,
  next: () => Buffer,
  { clients, isWrong }: LoadOptions,
): Promise<Load> {
  const connections = await Promise.all(Array.from({ length: clients }, () => openConnection(port, isWrong)));

  async function runClient(connection: Connection, until: number, latenciesMs: number[]): Promise<void> {
    for (let sentAt = performance.now(); sentAt < until; ) {
      const answer = await connection.send(next());
      const answeredAt = performance.now();
      if (answer.includes('"errors"') !== isWrong) throw new Error(answer.toString());
      latenciesMs.push(answeredAt - sentAt);
      sentAt = answeredAt;
    }
  }

  return {
    async run(durationMs) {
      const latenciesMs: number[] = [];
      const startedAt = performance.now();
      await Promise.all(
        connections.map((connection) => runClient(connection, startedAt + durationMs, latenciesMs)),
      );
      return { requests: latenciesMs.length, seconds: (performance.now() - startedAt) / 1000, latenciesMs };
    },
    close() {
      for (const connection of connections) connection.close();
    },
  };
}
