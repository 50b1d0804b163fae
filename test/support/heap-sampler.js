import { appendFileSync } from 'node:fs';
import { Session } from 'node:inspector';

/*
 * Loaded into a process before its program. With each SIGWINCH it ends one sample of the heap and begins the next: in turn what
 * grows old, and all that is made. The bytes of each are a line in the file HEAP_SAMPLES; the first line says that it has begun.
 */
const session = new Session();
session.connect();
let isSampling = false;
let samplesAll = true;

function sumOf({ selfSize, children }) {
  return children.reduce((sum, child) => sum + sumOf(child), selfSize);
}

process.on('SIGWINCH', () => {
  if (!isSampling) appendFileSync(process.env.HEAP_SAMPLES, 'begun\n');
  else
    session.post('HeapProfiler.stopSampling', (_, { profile }) =>
      appendFileSync(process.env.HEAP_SAMPLES, `${sumOf(profile.head)}\n`),
    );
  isSampling = true;
  samplesAll = !samplesAll;
  session.post('HeapProfiler.startSampling', {
    samplingInterval: 8192,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: samplesAll,
  });
});
