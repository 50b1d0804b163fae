import type { Requester } from '../domain/requester.ts';

/**
 * Items that wait for their turn: round robin by share, within a share round robin by request, within a request in the
 * order in which they came. An item may stand at the places of several requesters. All steps take constant time.
 */
export interface FairQueue<Item> {
  /** Adding an item where it stands already changes nothing. */
  add(item: Item, requester: Requester): void;
  remove(item: Item, requester: Requester): void;
  /** Whether anything waits for this requester. */
  has(requester: Requester): boolean;
  /** The item whose turn it is; it stays where it is. */
  peek(): Item | undefined;
  /** Puts the requester's share, and the requester within it, behind all others. */
  endTurn(requester: Requester): void;
  /** All items, each at least once. */
  items(): Iterable<Item>;
}

export function createFairQueue<Item>(): FairQueue<Item> {
  // A Map keeps its keys in the order in which they were set: that is the order of turns.
  const shares = new Map<string, Map<Requester, Set<Item>>>();

  return {
    add(item, requester) {
      const requesters = shares.get(requester.share) ?? new Map<Requester, Set<Item>>();
      const items = requesters.get(requester) ?? new Set<Item>();
      items.add(item);
      requesters.set(requester, items);
      shares.set(requester.share, requesters);
    },

    remove(item, requester) {
      const requesters = shares.get(requester.share);
      const items = requesters?.get(requester);
      if (requesters === undefined || items === undefined) return;
      items.delete(item);
      if (items.size === 0) requesters.delete(requester);
      if (requesters.size === 0) shares.delete(requester.share);
    },

    has: (requester) => shares.get(requester.share)?.has(requester) ?? false,

    peek() {
      for (const requesters of shares.values())
        for (const items of requesters.values()) for (const item of items) return item;
      return undefined;
    },

    endTurn(requester) {
      const requesters = shares.get(requester.share);
      if (requesters === undefined) return;
      shares.delete(requester.share);
      shares.set(requester.share, requesters);
      const items = requesters.get(requester);
      if (items === undefined) return;
      requesters.delete(requester);
      requesters.set(requester, items);
    },

    *items() {
      for (const requesters of shares.values()) for (const items of requesters.values()) yield* items;
    },
  };
}
