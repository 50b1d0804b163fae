import type { Bounds } from './bounds.ts';

/** On whose behalf the vendor is called. Each request is one. */
export interface Requester {
  /** Who gets a fair share of the calls: a caller, or an address where everybody is anonymous. */
  readonly share: string;
  /** How much of the calls under way may be its share's, above 0 and up to 1. The same for all requesters of a share. */
  readonly mostOfSlots: number;
  readonly requestId: string;
  /** What its caller may still call; undefined where there is no limit. */
  readonly allowance: CallAllowance | undefined;
  /** Whether a vendor call of this request has been sent. Such a request is finished rather than a new one begun. */
  hasCalled: boolean;
}

/** The vendor calls that a caller may make. */
export interface CallAllowance {
  /** @throws {RateLimitedError} when no call is left. */
  assertLeft(): void;
  /** Takes one call. @throws {RateLimitedError} when none is left. */
  take(): void;
  /** Takes one call though none may be left, as when a call that others wait for is repeated: it is missing later. */
  owe(): void;
  /** Gives back a call that was not sent after all. */
  giveBack(): void;
}

/** What bounds the work for one request, and who it is. */
export interface RequestBounds extends Bounds {
  readonly requester: Requester;
}

/** What has to be known when those who wait for a call change. */
export interface WaitersObserver {
  onJoin(requester: Requester): void;
  onLeave(requester: Requester): void;
}

/** Those who wait for one vendor call: equal calls of several requests are one call. */
export class Waiters {
  /** The call counts for this one, even if it leaves. */
  readonly starter: Requester;
  /** A requester stands here once for each time it joined. */
  readonly present: Requester[];
  /** At most one: the queue in which the call stands. */
  observer: WaitersObserver | undefined;

  constructor(starter: Requester) {
    this.starter = starter;
    this.present = [starter];
  }

  join(requester: Requester): void {
    this.present.push(requester);
    this.observer?.onJoin(requester);
  }

  leave(requester: Requester): void {
    const index = this.present.indexOf(requester);
    if (index >= 0) this.present.splice(index, 1);
    if (!this.present.includes(requester)) this.observer?.onLeave(requester);
  }
}

/**
 * Makes one share of the addresses that one client can have: an IPv4 address, or a network of 64 bits, which is the least
 * that an IPv6 client is given.
 */
export function shareOfAddress(address: string): string {
  // IPv4, which most are, is taken as it is.
  if (!/[:%]/.test(address)) return address;
  const [bare = ''] = address.split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  if (!bare.includes(':')) return bare;
  const [head = '', tail] = bare.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
