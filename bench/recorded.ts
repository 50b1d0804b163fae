import { readFileSync, writeFileSync } from 'node:fs';
import type { Bar } from './bars.ts';

const FILE = new URL('./recorded.json', import.meta.url);

/**
 * What a busy machine may add to a ratio before `--check` calls it slower. Ratios of quiet rounds of one build differ by some
 * 0.04 from run to run; a run beside other work is given five times that.
 */
const NOISE = 0.2;

/** What was measured when the page was last written, by promise. */
export function readRecorded(): Readonly<Record<string, number>> {
  return JSON.parse(readFileSync(FILE, 'utf8'));
}

export function writeRecorded(bars: readonly Bar[]): void {
  const rounded = bars.map(({ promise, measured }) => [promise, Number(measured.toFixed(3))]);
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(rounded), null, 2)}\n`);
}

/** Says what got worse since it was recorded, by more than noise. */
export function listSlower(bars: readonly Bar[]): readonly string[] {
  const recorded = readRecorded();
  return bars.flatMap(({ promise, measured }) => {
    const before = recorded[promise];
    if (before === undefined || measured <= before * (1 + NOISE)) return [];
    return [`${promise}: ${measured.toFixed(2)}, recorded ${before.toFixed(2)}`];
  });
}
