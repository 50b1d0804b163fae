import { describe, expect, it } from '@jest/globals';
import type { Caller } from '../../../src/domain/caller.ts';
import { type Admission, createAdmission } from '../../../src/http/admission.ts';
import { createManualTimers } from '../../support/manual-timers.ts';

const web: Caller = { name: 'web', scopes: new Set(), known: true };
const anonymous: Caller = { name: 'anonymous', scopes: new Set() };
const FROM_HERE = { caller: anonymous, address: '10.0.0.1' };
const ALIVE = new AbortController().signal;

function create(limits: { inFlight?: number; waiting?: number; hasKnownCallers?: boolean } = {}) {
  const timers = createManualTimers();
  const admission = createAdmission(
    {
      inFlight: 4,
      waiting: 100,
      waitMs: 500,
      ...limits,
      hasKnownCallers: () => limits.hasKnownCallers ?? false,
    },
    timers,
  );
  return { admission, timers };
}

/** Lets a request in that has no need to wait. */
function enterNow(admission: Admission, visitor = FROM_HERE) {
  const entered = admission.enter(visitor, ALIVE);
  if (entered instanceof Promise) throw new Error('It has to wait.');
  return entered;
}

describe('createAdmission', () => {
  it('lets nobody have the place of a request that is weighed and has to wait', async () => {
    const { admission } = create();
    const [first, second] = [enterNow(admission), enterNow(admission)];
    // 8,000 objects weigh as much as four requests.
    const room = first.weigh(8_000);
    const third = admission.enter(FROM_HERE, ALIVE);
    second.leave();
    await room;
    expect(third).toBeInstanceOf(Promise);
    first.leave();
    await third;
  });

  it('takes 2,000 objects for one request, and one more for two', () => {
    const { admission } = create({ inFlight: 2 });
    const heavy = enterNow(admission);
    expect(heavy.weigh(2_000)).toBeUndefined();
    enterNow(admission).leave();
    expect(heavy.weigh(2_001)).toBeUndefined();
    expect(admission.enter(FROM_HERE, ALIVE)).toBeInstanceOf(Promise);
  });

  it('refuses who has waited 500 ms, and forgets about it', async () => {
    const { admission, timers } = create({ inFlight: 1, waiting: 1 });
    const inside = enterNow(admission);
    const waiting = admission.enter(FROM_HERE, ALIVE);
    expect(timers.pendingMs).toEqual([500]);
    expect(() => admission.assertRoom(FROM_HERE)).toThrow('too much to do');
    timers.ringFirst();
    await expect(waiting).rejects.toMatchObject({ code: 'OVERLOADED', retryAfterMs: 1_000 });
    expect(() => admission.assertRoom(FROM_HERE)).not.toThrow();
    inside.leave();
    enterNow(admission);
  });

  it('forgets who leaves while waiting, and whoever has left before', async () => {
    const { admission, timers } = create({ inFlight: 1 });
    const inside = enterNow(admission);
    const client = new AbortController();
    const waiting = admission.enter(FROM_HERE, client.signal);
    client.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    expect(() => admission.enter(FROM_HERE, client.signal)).toThrow('gone');
    expect(timers.pendingMs).toEqual([]);
    inside.leave();
    enterNow(admission);
  });

  it('gives a place back once, however often a request leaves', () => {
    const { admission } = create({ inFlight: 2 });
    const first = enterNow(admission);
    enterNow(admission);
    first.leave();
    first.leave();
    enterNow(admission);
    expect(admission.enter(FROM_HERE, ALIVE)).toBeInstanceOf(Promise);
  });

  it('has no shares where nobody is known', () => {
    const { admission } = create();
    for (const _ of [1, 2, 3, 4]) enterNow(admission);
    expect(admission.enter(FROM_HERE, ALIVE)).toBeInstanceOf(Promise);
  });

  it('lets a known caller have three quarters and all anonymous callers together half', () => {
    const { admission } = create({ inFlight: 8, hasKnownCallers: true });
    const caller = { caller: web, address: '10.0.0.1' };
    const places = [1, 2, 3, 4, 5, 6].map(() => enterNow(admission, caller));
    expect(admission.enter(caller, ALIVE)).toBeInstanceOf(Promise);
    for (const place of places) place.leave();
    const callers = [1, 2, 3, 4].map((n) => ({ caller: anonymous, address: `10.0.0.${n}` }));
    for (const each of callers) enterNow(admission, each);
    expect(admission.enter(FROM_HERE, ALIVE)).toBeInstanceOf(Promise);
  });
});
