import type { Quirks } from './quirks.ts';
import type { Random } from './random.ts';
import type { SipList } from './sip-list.ts';

/** Changes that are made at once, however long nobody has asked. */
const MAX_AT_ONCE = 1000;

/** Changes lists by themselves, as the quirks `drift` and `restless` say. Nothing happens between calls: what is due by then does. */
export interface Drift {
  /** To be run before a call on this list is answered. */
  run(list: SipList, quirks: Quirks): void;
}

/** @param now milliseconds since the epoch. */
export function createDrift(random: Random, now: () => number): Drift {
  /** Up to when what was due has been done, by list. */
  const doneUntil = new WeakMap<SipList, number>();
  const pick = (below: number) => Math.floor(random() * below);

  function swapOne(list: SipList): void {
    list.remove({ index: pick(list.rows.length) });
    list.insert(1, pick(list.rows.length + 1));
  }

  function changeOne(list: SipList, { updatedFirst }: Quirks): void {
    const kind = pick(3);
    if (kind === 0) list.insert(1, random() < 0.5 ? 0 : pick(list.rows.length + 1));
    else if (kind === 1) list.remove({ index: pick(list.rows.length) });
    else list.edit({ index: pick(list.rows.length) }, { groupName: 'edited' }, updatedFirst);
  }

  return {
    run(list, quirks) {
      if (quirks.restless && list.rows.length > 0) swapOne(list);
      if (quirks.drift === null) {
        doneUntil.delete(list);
        return;
      }
      const msPerChange = 60_000 / quirks.drift.perMinute;
      const until = now();
      const since = Math.max(doneUntil.get(list) ?? until, until - MAX_AT_ONCE * msPerChange);
      const due = Math.floor((until - since) / msPerChange);
      for (let count = 0; count < due; count++) changeOne(list, quirks);
      doneUntil.set(list, since + due * msPerChange);
    },
  };
}
