import type { Usage } from './server-process.ts';

/*
 * Preloaded into a measured process: tells over the IPC channel what the process has used so far, whenever it is asked,
 * and ends the process with the benchmark.
 */
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  const usage: Usage = { cpuMicros: user + system, rssBytes: rss, heapBytes: heapUsed };
  process.send?.(usage);
});
process.once('disconnect', () => process.exit());
