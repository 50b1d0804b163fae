import type { Log } from '../domain/log.ts';

/** How long an app's signs are gathered before they are logged again, in milliseconds. */
const LOG_EVERY_MS = 60_000;

/** What was seen of a list whose order does not hold, or whose total is not true. */
export type OrderSign = 'anchor-moved' | 'seam-moved' | 'disorder' | 'total-untrue';

/** Counts the signs; the first of an app in a minute is logged. */
export interface OrderSigns {
  notice(appId: string, sign: OrderSign): void;
}

export function createOrderSigns(log: Log, now: () => number): OrderSigns {
  const apps = new Map<string, { counts: Partial<Record<OrderSign, number>>; loggedAt: number }>();
  return {
    notice(appId, sign) {
      const seen = apps.get(appId) ?? { counts: {}, loggedAt: Number.NEGATIVE_INFINITY };
      apps.set(appId, seen);
      seen.counts[sign] = (seen.counts[sign] ?? 0) + 1;
      if (now() - seen.loggedAt < LOG_EVERY_MS) return;
      seen.loggedAt = now();
      log.warn({ appId, signs: { ...seen.counts } }, 'rows changed places without a change of the total');
    },
  };
}
