import { diagnoseFailure, diagnoseStatus } from './diagnose.ts';
import { type Finding, fault, ok, WHO, warning } from './finding.ts';
import { examineOrder } from './order.ts';
import type { Probe, ProbeResult, VendorTime } from './probe.ts';

export interface ExaminationOptions {
  readonly probe: Probe;
  readonly baseUrl: string;
  readonly appIds: readonly string[];
  /** The variable that names an outbound proxy, where one is set. */
  readonly proxy: string | undefined;
  /** Whether the order of each list is looked at as well, which takes up to 14 calls more an app. */
  readonly readsOrder: boolean;
}

/** Clocks that are further apart than this, in milliseconds, are worth a word: the vendor refuses at half an hour. */
const CLOCK_TOLERANCE_MS = 60_000;

/** What hinders every app alike: it makes no sense to go on. */
const FOR_ALL: ReadonlySet<string> = new Set(['-1', '-2', '-13', '-15', '-29', '-30', '-31']);

/** Asks for one row of each app, and says what was found. Never rejects for what the vendor does. */
export async function examine(options: ExaminationOptions): Promise<Finding[]> {
  const findings: Finding[] = [];
  let offsetMs = 0;
  for (const appId of options.appIds) {
    const query = { appId, current: 1, size: 1 };
    let result = await options.probe(query, offsetMs);
    if (result.kind === 'status' && result.status === '-16' && offsetMs === 0) {
      findings.push(describeClock(result.vendorTime));
      offsetMs = result.vendorTime ?? 0;
      result = await options.probe(query, offsetMs);
    } else if (findings.length === 0 && result.kind !== 'failure')
      findings.push(...noteClock(result.vendorTime));
    findings.push(describeResult(result, appId, options));
    if (result.kind === 'failure' || (result.kind === 'status' && FOR_ALL.has(result.status))) break;
    if (options.readsOrder && result.kind === 'page' && result.page.total > 0)
      findings.push(await examineOrder(options.probe, appId, offsetMs));
  }
  return findings;
}

function describeResult(result: ProbeResult, appId: string, { baseUrl, proxy }: ExaminationOptions): Finding {
  if (result.kind === 'failure') return diagnoseFailure(result.error, baseUrl, proxy);
  if (result.kind === 'status') return diagnoseStatus(result.status, appId);
  const { total } = result.page;
  if (total > 0) return ok(`App ${appId}: ${total} phones, answered in ${Math.round(result.tookMs)} ms.`);
  return warning(
    `App ${appId} has no phones, or the vendor does not know it: its answer is the same.`,
    "Compare the app id in ITNIO_APPS with Itnio's console, unless the app is new.",
    WHO.OPERATOR,
  );
}

function describeClock(vendorTime: VendorTime): Finding {
  return fault(
    `The vendor refuses the time of this machine (status -16)${vendorTime === undefined ? '' : `, which is ${describeOffset(vendorTime)} its own`}.`,
    "Set the clock of this machine by NTP. Until then the gateway goes by the date of the vendor's answers, at one call more.",
    WHO.OPERATOR,
  );
}

function noteClock(vendorTime: VendorTime): Finding[] {
  if (vendorTime === undefined) return [];
  if (Math.abs(vendorTime) <= CLOCK_TOLERANCE_MS)
    return [ok("The clock of this machine agrees with the vendor's.")];
  return [
    warning(
      `The clock of this machine is ${describeOffset(vendorTime)} the vendor's; at 30 minutes it refuses.`,
      'Set the clock of this machine by NTP.',
      WHO.OPERATOR,
    ),
  ];
}

function describeOffset(vendorTime: number): string {
  const minutes = Math.round(Math.abs(vendorTime) / 60_000);
  return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ${vendorTime > 0 ? 'behind' : 'ahead of'}`;
}
