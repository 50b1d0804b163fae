import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Requester } from '../../../../src/domain/requester.ts';
import { createSlots } from '../../../../src/itnio/gate/slots.ts';
import { createRequester } from '../../../support/requester.ts';

const shares = [1, 0.5, 0.75, 0.01].map((mostOfSlots) =>
  createRequester({ share: `up to ${mostOfSlots}`, mostOfSlots }),
);

describe('createSlots', () => {
  it('gives no more slots than there are, and to no share more than its part of them and one', () => {
    const limit = fc.integer({ min: 1, max: 20 });
    const step = fc.record({ requester: fc.constantFrom(...shares), isTaking: fc.boolean() });
    fc.assert(
      fc.property(limit, fc.array(step), (most, steps) => {
        const slots = createSlots({ limit: most });
        const taken: Requester[] = [];
        for (const { requester, isTaking } of steps) {
          const own = taken.filter(({ share }) => share === requester.share).length;
          const part = Math.max(1, Math.floor(requester.mostOfSlots * most));
          expect(slots.hasRoomFor(requester)).toBe(taken.length < most && own < part);
          if (isTaking && slots.hasRoomFor(requester)) {
            slots.take(requester);
            taken.push(requester);
          } else if (!isTaking && own > 0) {
            slots.free(requester);
            taken.splice(taken.indexOf(requester), 1);
          }
          expect(slots.underWay).toBe(taken.length);
        }
      }),
    );
  });

  it('gives none while more are taken than a lower limit allows', () => {
    const concurrency = { limit: 2 };
    const slots = createSlots(concurrency);
    const requester = createRequester();
    slots.take(requester);
    slots.take(requester);
    concurrency.limit = 1;
    slots.free(requester);
    expect(slots.hasRoomFor(requester)).toBe(false);
    slots.free(requester);
    expect(slots.hasRoomFor(requester)).toBe(true);
  });
});
