import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Requester } from '../../../../src/domain/requester.ts';
import { createFairQueue } from '../../../../src/itnio/gate/fair-queue.ts';
import { createRequester } from '../../../support/requester.ts';

const requesters = ['a1', 'a2', 'b1', 'b2', 'c1'].map((requestId) =>
  createRequester({ requestId, share: requestId.slice(0, 1) }),
);
const requester = fc.constantFrom(...requesters);
const place = fc.record({ item: fc.integer({ min: 0, max: 9 }), requester });

/** Takes all places in turn; whoever has had a turn goes behind the others. */
function takeAll(places: readonly { readonly item: number; readonly requester: Requester }[]) {
  const queue = createFairQueue<number>();
  for (const each of places) queue.add(each.item, each.requester);
  const taken: { item: number; requester: Requester }[] = [];
  for (let next = queue.peek(() => true); next !== undefined; next = queue.peek(() => true)) {
    queue.remove(next.item, next.requester);
    queue.endTurn(next.requester);
    taken.push(next);
  }
  return { taken, isEmpty: queue.isEmpty };
}

const count = <Each>(list: readonly Each[], is: (each: Each) => boolean) => list.filter(is).length;

describe('createFairQueue', () => {
  it('gives each place one turn, however often its item was added there', () => {
    fc.assert(
      fc.property(fc.array(place), (places) => {
        const { taken, isEmpty } = takeAll(places);
        const keys = (list: typeof places) => list.map((each) => `${each.requester.requestId} ${each.item}`);
        expect(isEmpty).toBe(true);
        expect(keys(taken).sort()).toEqual([...new Set(keys(places))].sort());
      }),
    );
  });

  it('gives no share, and no request of a share, two turns more than another one that waits on', () => {
    fc.assert(
      fc.property(fc.array(place), (places) => {
        const { taken } = takeAll(places);
        for (let turn = 0; turn < taken.length; turn += 1) {
          const [before, after] = [taken.slice(0, turn), taken.slice(turn)];
          for (const one of requesters)
            for (const other of requesters) {
              const isOf = (whose: Requester) =>
                one.share === other.share
                  ? (each: { requester: Requester }) => each.requester === whose
                  : (each: { requester: Requester }) => each.requester.share === whose.share;
              if (one === other || count(after, isOf(other)) === 0) continue;
              expect(count(before, isOf(one))).toBeLessThanOrEqual(count(before, isOf(other)) + 1);
            }
        }
      }),
    );
  });

  it('takes the items of one request in the order in which they came', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer()), requester, (items, only) => {
        const { taken } = takeAll(items.map((item) => ({ item, requester: only })));
        expect(taken.map(({ item }) => item)).toEqual(items);
      }),
    );
  });

  it('says how many at the most go before an item that is added', () => {
    fc.assert(
      fc.property(fc.array(place), requester, (places, late) => {
        const queue = createFairQueue<number>();
        for (const each of places) queue.add(each.item, each.requester);
        const most = queue.countBefore(late);
        const { taken } = takeAll([...places, { item: -1, requester: late }]);
        expect(taken.findIndex(({ item }) => item === -1)).toBeLessThanOrEqual(most);
      }),
    );
  });

  it('passes over a share that may not go', () => {
    const queue = createFairQueue<string>();
    const [a1, a2, b1] = requesters;
    if (a1 === undefined || a2 === undefined || b1 === undefined) throw new Error('Too few requesters.');
    queue.add('first', a1);
    queue.add('second', a2);
    queue.add('third', b1);
    expect(queue.peek(({ share }) => share !== 'a')).toEqual({ item: 'third', requester: b1 });
    expect(queue.peek(() => false)).toBeUndefined();
  });
});
