import { type Finding, fault, ok, WHO, warning } from './finding.ts';
import type { Probe } from './probe.ts';

/** Rows that are compared, from the first. */
const ROWS = 300;
/** The same rows on pages of two sizes: a list without an order of its own comes in two orders. */
const PAGE_SIZES = [100, 30] as const;

/** Reads the same rows twice, on pages of another size, and holds them against each other. */
export async function examineOrder(probe: Probe, appId: string, offsetMs: number): Promise<Finding> {
  const readings: Reading[] = [];
  for (const size of PAGE_SIZES) {
    const reading = await read(probe, appId, size, offsetMs);
    if (reading === undefined)
      return warning(
        `App ${appId}: the order of its list could not be read.`,
        'Try again; a page failed or came in another size.',
        WHO.OPERATOR,
      );
    readings.push(reading);
  }
  const [first, second] = readings;
  if (first?.total !== second?.total)
    return warning(
      `App ${appId}: its list has changed while it was read.`,
      'Try again when nobody adds or removes phones.',
      WHO.OPERATOR,
    );
  if (first?.accounts.join('\n') === second?.accounts.join('\n'))
    return ok(
      `App ${appId}: its list keeps its order, as far as its first ${first?.accounts.length ?? 0} phones tell.`,
    );
  return fault(
    `App ${appId}: the vendor lists the same phones in another order when pages are of another size, so no paging is complete.`,
    'Report it with the app id: the list needs an order that is its own, such as by time of creation and then by account.',
    WHO.VENDOR,
  );
}

interface Reading {
  readonly total: number;
  readonly accounts: readonly string[];
}

async function read(
  probe: Probe,
  appId: string,
  size: number,
  offsetMs: number,
): Promise<Reading | undefined> {
  const accounts: string[] = [];
  let total = 0;
  for (let current = 1; (current - 1) * size < ROWS; current++) {
    const result = await probe({ appId, current, size }, offsetMs);
    if (result.kind !== 'page' || result.page.current !== current || result.page.size !== size)
      return undefined;
    total = result.page.total;
    accounts.push(...result.page.phones.map(({ account }) => account));
    if (current * size >= total) break;
  }
  return { total, accounts: accounts.slice(0, ROWS) };
}
