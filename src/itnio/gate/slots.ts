import type { Requester } from '../../domain/requester.ts';
import type { ConcurrencyLimit } from './concurrency.ts';

/** A place for each call that may be under way. */
export interface Slots {
  /** How many are taken. */
  readonly underWay: number;
  /** Whether a slot is free that the requester's share may take: each share may have one, and at most its part of all. */
  hasRoomFor(requester: Requester): boolean;
  take(requester: Requester): void;
  /** Gives back what this requester, or another one of its share, has taken. */
  free(requester: Requester): void;
}

/** When the limit falls, slots that are taken stay taken; no more are given until enough are free. */
export function createSlots(concurrency: Pick<ConcurrencyLimit, 'limit'>): Slots {
  /** Slots by share, of shares that may not take all. */
  const held = new Map<string, number>();
  let underWay = 0;
  return {
    get underWay() {
      return underWay;
    },

    hasRoomFor({ share, mostOfSlots }) {
      const { limit } = concurrency;
      if (underWay >= limit) return false;
      return mostOfSlots === 1 || (held.get(share) ?? 0) < Math.max(1, Math.floor(mostOfSlots * limit));
    },

    take({ share, mostOfSlots }) {
      underWay += 1;
      if (mostOfSlots < 1) held.set(share, (held.get(share) ?? 0) + 1);
    },

    free({ share, mostOfSlots }) {
      underWay -= 1;
      if (mostOfSlots === 1) return;
      const left = (held.get(share) ?? 0) - 1;
      if (left > 0) held.set(share, left);
      else held.delete(share);
    },
  };
}
