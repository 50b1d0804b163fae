import { execFile } from 'node:child_process';
import { loadavg, tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { listBars } from './bars.ts';
import { drawChart } from './chart.ts';
import { type Fleet, PEERS, type Peer, readCalls, startFleet, startGateway, startUpstream } from './fleet.ts';
import { writePage } from './page.ts';
import { buildGateway, installPeers } from './prepare.ts';
import { canPin, LOAD_CORE, pinSelf } from './processor.ts';
import { listSlower, writeRecorded } from './recorded.ts';
import { presentBars, presentResults } from './report.ts';
import { median, type Result, summarize } from './result.ts';
import type { ServerProcess } from './server-process.ts';
import { measureRound, type Round, type Subject } from './subject.ts';
import { assertSameAnswers, createSubjects, TASKS, type Task } from './subjects.ts';

/** How much is measured. */
interface Extent {
  readonly peers: readonly Peer[];
  readonly tasks: readonly Task[];
  readonly rounds: number;
  /**
   * Answers that a server gives before it is measured, and then for each task. V8 takes that long to compile what is hot:
   * until some 10,000 answers the CPU for one falls, to half of what the first thousand took, and then it stays.
   */
  readonly warmUpAnswers: { readonly server: number; readonly task: number };
}

const EVERYTHING: Extent = {
  peers: PEERS,
  tasks: [
    'page20',
    'page100',
    'after100',
    'backwards',
    'again',
    'windows',
    'entities',
    'wrong',
    'slow',
    'changing20',
    'changing100',
  ],
  rounds: 12,
  warmUpAnswers: { server: 12_000, task: 600 },
};

/** What fits into four minutes of a busy machine. */
const CHECK: Extent = {
  peers: ['mercurius', 'by-the-book'],
  tasks: ['page20', 'page100', 'again', 'windows', 'entities'],
  rounds: 8,
  warmUpAnswers: { server: 4_000, task: 300 },
};

const WARM_UP_MS = 250;
/** The time that a slow peer is given instead of its answers. */
const MAX_WARM_UP_ROUNDS = { server: 60, task: 6 } as const;
/** Short and many: what else the machine does then meets neighbours alike. */
const ROUND_MS = 100;
const STARTS = 3;

/** Measures the gateway beside its peers, and writes the page. `--check` compares with what was recorded instead. */
async function main(): Promise<void> {
  const isCheck = process.argv.includes('--check');
  const extent = isCheck ? CHECK : EVERYTHING;
  installPeers();
  buildGateway();
  pinSelf(LOAD_CORE);
  // On a machine that has done nothing else yet.
  const startMs = await measureStart();
  const fleet = await startFleet(extent.peers);
  try {
    await assertSameAnswers(fleet);
    const keptHeapBytes = await measureKeptHeap(fleet.upstream);
    const results = await measure(fleet, extent);
    const bars = listBars({ results, startMs, keptHeapBytes });
    const [table, promises, machine] = [presentResults(results), presentBars(bars), describeMachine()];
    console.log(`${machine}\n\n${table}\n\n${promises}`);
    if (isCheck) {
      const slower = listSlower(bars);
      for (const line of slower) console.error(`Slower: ${line}`);
      if (slower.length > 0) process.exitCode = 1;
    } else {
      writePage({ results: table, promises, machine }, drawChart(results, Object.values(TASKS)));
      writeRecorded(bars);
    }
  } finally {
    await fleet.stop();
  }
}

/**
 * Rounds of all subjects in turn, there and back, so that what else the machine does, and what the subject before has left
 * in the processor's caches, meets all of them alike.
 */
async function measure(fleet: Fleet, { tasks, rounds, warmUpAnswers }: Extent): Promise<readonly Result[]> {
  const subjects = await createSubjects(fleet, tasks);
  const measured = new Map<Subject, Round[]>(subjects.map((subject) => [subject, []]));
  const measureFor = (subject: Subject, durationMs: number) =>
    measureRound(subject, () => readCalls(fleet.upstream), durationMs);
  const warm = new Set<ServerProcess>();
  for (const subject of subjects) {
    const kind = warm.has(subject.server) ? 'task' : 'server';
    let answers = 0;
    for (let round = 0; round < MAX_WARM_UP_ROUNDS[kind] && answers < warmUpAnswers[kind]; round++)
      answers += (await measureFor(subject, WARM_UP_MS)).latenciesMs.length;
    warm.add(subject.server);
  }
  for (let round = 0; round < rounds; round++)
    for (const subject of round % 2 === 0 ? subjects : subjects.toReversed())
      measured.get(subject)?.push(await measureFor(subject, ROUND_MS));
  return [...measured].map(([subject, its]) => summarize(subject, its));
}

/** From the start of the gateway's process to its first answer, in milliseconds. */
async function measureStart(): Promise<number> {
  const upstream = await startUpstream();
  const readyMs: number[] = [];
  for (let start = 0; start < STARTS; start++) {
    const gateway = await startGateway(upstream, {});
    readyMs.push(gateway.readyMs);
    await gateway.stop();
  }
  await upstream.stop();
  return median(readyMs);
}

/** How much heap 10,000 kept phones of one app take, in a process of their own. */
async function measureKeptHeap({ origin }: ServerProcess): Promise<number> {
  const script = fileURLToPath(new URL('./kept-heap.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', '--import', import.meta.resolve('tsx'), script],
    { cwd: tmpdir(), env: { UPSTREAM_URL: origin }, timeout: 60_000 },
  );
  return Number(stdout);
}

function describeMachine(): string {
  const cores = canPin ? 'server and load on a core each' : 'not bound to cores';
  const load = loadavg()[0]?.toFixed(1);
  return `Node ${process.version}, ${cores}, load average ${load} at the end, ${new Date().toISOString().slice(0, 10)}.`;
}

await main();
