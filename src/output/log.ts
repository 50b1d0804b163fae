import { type Logger, pino } from 'pino';
import type { LineWriter } from './line-writer.ts';

/** A log of JSON lines. */
export function createLog(level: string, { writeLater }: Pick<LineWriter, 'writeLater'>): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write: writeLater });
}
