import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ATTACKS } from '../siege/attacks.ts';
import { laySiege } from '../siege/lay-siege.ts';
import { atMost, type Bar } from './bar.ts';

/** @returns ends the watch, and gives how long the slowest answer of `/live` took meanwhile, in milliseconds. */
export async function watchLive(origin: string): Promise<() => Promise<number>> {
  const child = fork(fileURLToPath(new URL('live-probe.ts', import.meta.url)), [`${origin}/live`], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  return async () => {
    const told = once(child, 'message', { signal: AbortSignal.timeout(10_000) });
    child.send('over');
    const [times]: number[][] = await told;
    if (times === undefined || times.length === 0) throw new RangeError('/live was not asked.');
    return Math.max(...times);
  };
}

export function liveBar(name: string, slowestMs: number): Bar {
  return atMost(`${name}: slowest answer of /live`, slowestMs, 250, 'ms');
}

/** Under each attack, and for two seconds after it was laid. */
export async function measureLive(): Promise<readonly Bar[]> {
  const bars: Bar[] = [];
  for (const [name, lay] of ATTACKS) {
    const siege = await laySiege();
    try {
      const endWatch = await watchLive(siege.origin);
      await lay(siege);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      bars.push(liveBar(name, await endWatch()));
      console.error(`attack: ${bars.at(-1)?.measured}, ${name}`);
    } finally {
      siege.end();
    }
  }
  return bars;
}
