import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/*
 * Asks for /live again and again, each time on a new connection as an orchestrator does, and tells how long each answer took. A process
 * of its own: the one that makes the load would measure itself. Ends when it is told to.
 */
const [url = ''] = process.argv.slice(2);
const PAUSE_MS = 25;
const PATIENCE_MS = 5_000;
const times: number[] = [];
let isOver = false;

function ask(): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const end = () => resolve(performance.now() - startedAt);
    const sending = get(url, { agent: false, timeout: PATIENCE_MS }, (response) => {
      response.resume().on('end', end).on('error', end);
    });
    sending.on('timeout', () => sending.destroy());
    // Not answered at all is as long as anybody would have waited.
    sending.on('error', () => resolve(PATIENCE_MS));
  });
}

process.on('message', () => {
  isOver = true;
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
while (!isOver) {
  times.push(await ask());
  await sleep(PAUSE_MS);
}
process.send?.(times);
process.disconnect();
