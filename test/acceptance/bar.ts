/** One line of the table: what was measured, and what it must be. */
export interface Bar {
  readonly name: string;
  readonly must: string;
  readonly measured: string;
  readonly passes: boolean;
  /** Whether a slow or busy machine may miss it, whatever the gateway does. */
  readonly dependsOnPace: boolean;
}

/** A figure that must not exceed a bound. */
export function atMost(name: string, measured: number, bound: number, unit: string): Bar {
  return {
    name,
    must: `≤ ${bound} ${unit}`,
    measured: `${round(measured)} ${unit}`,
    passes: measured <= bound,
    dependsOnPace: unit === 'ms' || unit === '×' || unit === 's',
  };
}

/** A figure that must reach a bound. */
export function atLeast(name: string, measured: number, bound: number, unit: string): Bar {
  return {
    name,
    must: `≥ ${bound} ${unit}`,
    measured: `${round(measured)} ${unit}`,
    passes: measured >= bound,
    dependsOnPace: true,
  };
}

/** Something that must hold. */
export function holds(name: string, must: string, measured: string, passes: boolean): Bar {
  return { name, must, measured, passes, dependsOnPace: false };
}

function round(figure: number): number {
  return Math.round(figure * 100) / 100;
}

/** A table for people; a bar that is missed is marked. */
export function printTable(bars: readonly Bar[]): string {
  const rows = bars.map(({ name, must, measured, passes }) => [
    passes ? 'pass' : 'FAIL',
    name,
    measured,
    must,
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
