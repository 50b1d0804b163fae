import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isBroken, listBars } from './bars.ts';
import { type Fleet, readCalls, startFleet, startGateway } from './fleet.ts';
import { canPin, LOAD_CORE, pinSelf } from './processor.ts';
import { presentBars, presentResults } from './report.ts';
import { median, type Result, summarize } from './result.ts';
import type { ServerProcess } from './server-process.ts';
import { measureRound, type Round, type Subject } from './subject.ts';
import { assertSameAnswers, createSubjects } from './subjects.ts';

/**
 * Answers that a server gives, and then for each task, before it is measured. V8 takes that long to compile what is hot:
 * until some 8,000 answers the CPU for one falls, to half of what the first thousand took, and then it stays.
 */
const WARM_UP_ANSWERS = { server: 10_000, task: 1_000 } as const;
const WARM_UP_MS = 250;
/** Short and many: what else the machine does then meets neighbours alike. */
const ROUND_MS = 100;
const ROUNDS = 10;
const STARTS = 3;

/** Measures the gateway beside its peers. `--check` makes a broken promise a failure. */
async function main(): Promise<void> {
  pinSelf(LOAD_CORE);
  const fleet = await startFleet();
  try {
    await assertSameAnswers(fleet);
    const keptHeapBytes = await measureKeptHeap(fleet.upstream);
    const results = await measure(fleet);
    const startMs = await measureStart(fleet.upstream);
    const bars = listBars({ results, startMs, keptHeapBytes });
    console.log(
      `Node ${process.version}, ${canPin ? 'server and load on a core each' : 'not bound to cores'}\n`,
    );
    console.log(`${presentResults(results)}\n\n${presentBars(bars)}`);
    if (process.argv.includes('--check') && bars.some(isBroken)) process.exitCode = 1;
  } finally {
    await fleet.stop();
  }
}

/**
 * Rounds of all subjects in turn, there and back, so that what else the machine does, and what the subject before has left
 * in the processor's caches, meets all of them alike.
 */
async function measure(fleet: Fleet): Promise<readonly Result[]> {
  const subjects = await createSubjects(fleet);
  const rounds = new Map<Subject, Round[]>(subjects.map((subject) => [subject, []]));
  const measureFor = (subject: Subject, durationMs: number) =>
    measureRound(subject, () => readCalls(fleet.upstream), durationMs);
  const warm = new Set<ServerProcess>();
  for (const subject of subjects) {
    let left: number = warm.has(subject.server) ? WARM_UP_ANSWERS.task : WARM_UP_ANSWERS.server;
    while (left > 0) left -= (await measureFor(subject, WARM_UP_MS)).latenciesMs.length;
    warm.add(subject.server);
  }
  for (let round = 0; round < ROUNDS; round++)
    for (const subject of round % 2 === 0 ? subjects : subjects.toReversed())
      rounds.get(subject)?.push(await measureFor(subject, ROUND_MS));
  return [...rounds].map(([subject, measured]) => summarize(subject, measured));
}

/** From the start of the gateway's process to its first answer, in milliseconds. */
async function measureStart(upstream: ServerProcess): Promise<number> {
  const readyMs: number[] = [];
  for (let start = 0; start < STARTS; start++) {
    const gateway = await startGateway(upstream, 0);
    readyMs.push(gateway.readyMs);
    await gateway.stop();
  }
  return median(readyMs);
}

/** How much heap 10,000 kept phones of one app take, in a process of their own. */
async function measureKeptHeap({ origin }: ServerProcess): Promise<number> {
  const script = fileURLToPath(new URL('./kept-heap.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', '--import', import.meta.resolve('tsx'), script],
    { cwd: tmpdir(), env: { UPSTREAM_URL: origin } },
  );
  return Number(stdout);
}

await main();
