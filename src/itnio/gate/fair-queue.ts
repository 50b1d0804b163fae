import type { Requester } from '../../domain/requester.ts';

/**
 * A queue that is round robin by share, within a share round robin by request, and within a request first come, first served.
 * One item may wait for several requesters, at a place of each. No step takes longer than linear in the number of shares.
 */
export interface FairQueue<Item> {
  /** Adding an item where it stands already changes nothing. */
  add(item: Item, requester: Requester): void;
  remove(item: Item, requester: Requester): void;
  /** Whether anything waits for this requester. */
  has(requester: Requester): boolean;
  /** The place whose turn it is among the shares that may go. It is not removed. */
  peek(mayGo: (requester: Requester) => boolean): Place<Item> | undefined;
  /** Puts the requester's share, and the requester within it, behind all others. */
  endTurn(requester: Requester): void;
  /** The most places that can have their turn before an item that this requester would add. */
  countBefore(requester: Requester): number;
  readonly isEmpty: boolean;
  /** All items, each at least once. */
  items(): Iterable<Item>;
}

interface Place<Item> {
  readonly item: Item;
  readonly requester: Requester;
}

interface Share<Item> {
  readonly requesters: Map<Requester, Set<Item>>;
  /** Places of all its requesters. */
  places: number;
}

export function createFairQueue<Item>(): FairQueue<Item> {
  // A Map keeps its keys in the order in which they were set: that is the order of turns.
  const shares = new Map<string, Share<Item>>();

  return {
    add(item, requester) {
      const share = shares.get(requester.share) ?? { requesters: new Map<Requester, Set<Item>>(), places: 0 };
      const items = share.requesters.get(requester) ?? new Set<Item>();
      if (items.has(item)) return;
      items.add(item);
      share.places += 1;
      share.requesters.set(requester, items);
      shares.set(requester.share, share);
    },

    remove(item, requester) {
      const share = shares.get(requester.share);
      const items = share?.requesters.get(requester);
      if (share === undefined || items === undefined || !items.delete(item)) return;
      share.places -= 1;
      if (items.size === 0) share.requesters.delete(requester);
      if (share.places === 0) shares.delete(requester.share);
    },

    has: (requester) => shares.get(requester.share)?.requesters.has(requester) ?? false,

    peek(mayGo) {
      for (const { requesters } of shares.values())
        for (const [requester, items] of requesters) {
          // What holds for one requester of a share holds for all of them.
          if (!mayGo(requester)) break;
          for (const item of items) return { item, requester };
        }
      return undefined;
    },

    endTurn(requester) {
      const share = shares.get(requester.share);
      if (share === undefined) return;
      shares.delete(requester.share);
      shares.set(requester.share, share);
      const items = share.requesters.get(requester);
      if (items === undefined) return;
      share.requesters.delete(requester);
      share.requesters.set(requester, items);
    },

    countBefore(requester) {
      const own = shares.get(requester.share)?.places ?? 0;
      let before = 0;
      for (const { places } of shares.values()) before += Math.min(places, own + 1);
      return before;
    },

    get isEmpty() {
      return shares.size === 0;
    },

    *items() {
      for (const { requesters } of shares.values()) for (const items of requesters.values()) yield* items;
    },
  };
}
