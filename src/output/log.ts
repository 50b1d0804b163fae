import { type Logger, pino } from 'pino';
import type { LineWriter } from './line-writer.ts';

/** A log of JSON lines. */
export function createLog(level: string, { writeLater }: Pick<LineWriter, 'writeLater'>): Logger {
  return pino({ level, base: null, timestamp: createTimestamp(Date.now) }, { write: writeLater });
}

/** The moment of a line, as ISO 8601 in UTC. It is written once for all lines of a millisecond, of which a busy gateway has several. */
function createTimestamp(epochNow: () => number): () => string {
  let writtenFor = Number.NaN;
  let text = '';
  return () => {
    const now = epochNow();
    if (now !== writtenFor) {
      writtenFor = now;
      text = `,"time":"${new Date(now).toISOString()}"`;
    }
    return text;
  };
}
