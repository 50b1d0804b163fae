/** What waits for a thread of the pool, as Node names it: a file, or the resolver of names. */
const THREAD_WORK = /^(FSReq|GetAddrInfo|GetNameInfo)/;

/** How long threads may take to end before the process ends without them, and how often they are looked at, in milliseconds. */
const PATIENCE_MS = 400;
const LOOK_MS = 20;

/**
 * Ends the process, come what may. `process.exit` waits for all threads, so that one which hangs, at a disk that does
 * not answer, would hold the process for ever: then it ends by force.
 */
export async function endProcess(code: number): Promise<never> {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS && hasThreadWork(); waitedMs += LOOK_MS)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  if (!hasThreadWork()) process.exit(code);
  process.kill(process.pid, 'SIGKILL');
  // The first process of a container is not ended by its own SIGKILL.
  process.abort();
}

function hasThreadWork(): boolean {
  return process.getActiveResourcesInfo().some((name) => THREAD_WORK.test(name));
}
