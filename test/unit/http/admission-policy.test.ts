import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AdmissionPolicy, type Claim } from '../../../src/http/admission-policy.ts';

const LIMITS = { inFlight: 60, waiting: 100 };

function claimOf(caller: string, weight = 1, share = 1): Claim {
  return { caller, share, weight, state: 'outside' };
}

/** Lets as many claims in as there are. */
function enterAll(policy: AdmissionPolicy, claims: readonly Claim[]): string[] {
  return claims.map((claim) => policy.enter(claim));
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

describe('AdmissionPolicy', () => {
  it('lets 60 in, makes 100 wait, and refuses one more', () => {
    const policy = new AdmissionPolicy(LIMITS);
    const states = enterAll(
      policy,
      times(161, () => claimOf('a')),
    );
    expect(states).toEqual([...Array(60).fill('admitted'), ...Array(100).fill('waiting'), 'outside']);
    expect(policy.hasRoom('a', 1)).toBe(false);
    expect(policy.hasRoom('b', 1)).toBe(false);
  });

  it('lets one caller hold three quarters, and leaves the rest to others', () => {
    const policy = new AdmissionPolicy(LIMITS);
    enterAll(
      policy,
      times(46, () => claimOf('a', 1, 3 / 4)),
    );
    expect(policy.enter(claimOf('b', 15, 3 / 4))).toBe('admitted');
    expect(policy.enter(claimOf('b', 1, 3 / 4))).toBe('waiting');
  });

  it('takes those who wait round robin by caller', () => {
    const policy = new AdmissionPolicy({ inFlight: 1, waiting: 100 });
    const inside = claimOf('x');
    policy.enter(inside);
    enterAll(policy, [claimOf('a'), claimOf('a'), claimOf('a'), claimOf('b'), claimOf('c')]);
    const order: string[] = [];
    for (let [next] = policy.leave(inside); next !== undefined; [next] = policy.leave(next))
      order.push(next.caller);
    expect(order).toEqual(['a', 'b', 'c', 'a', 'a']);
  });

  it('lets no light claim overtake a heavy one whose turn it is', () => {
    const policy = new AdmissionPolicy({ inFlight: 4, waiting: 100 });
    const inside = times(3, () => claimOf('a'));
    enterAll(policy, inside);
    const heavy = claimOf('b', 3);
    expect(policy.enter(heavy)).toBe('waiting');
    const light = claimOf('c');
    expect(policy.enter(light)).toBe('waiting');
    expect(inside.flatMap((claim) => policy.leave(claim))).toEqual([heavy, light]);
  });

  it('takes what weighs more than its caller may hold for what it may hold', () => {
    const policy = new AdmissionPolicy({ inFlight: 4, waiting: 100 });
    expect(policy.enter(claimOf('a', 11, 3 / 4))).toBe('admitted');
    expect(policy.enter(claimOf('b', 1, 3 / 4))).toBe('admitted');
    expect(policy.enter(claimOf('b', 1, 3 / 4))).toBe('waiting');
  });

  it('lets nobody in where the limit has become less, until it is kept again, and nobody waits for ever', () => {
    const limits = { inFlight: 10, waiting: 100 };
    const policy = new AdmissionPolicy(limits);
    const inside = times(10, () => claimOf('a'));
    enterAll(policy, inside);
    const heavy = claimOf('b', 8);
    expect(policy.enter(heavy)).toBe('waiting');
    limits.inFlight = 4;
    expect(inside.slice(1).flatMap((claim) => policy.leave(claim))).toEqual([]);
    expect(inside.slice(0, 1).flatMap((claim) => policy.leave(claim))).toEqual([heavy]);
    expect(policy.load).toEqual({ inFlight: 4, waiting: 0 });
  });

  it('holds its limits, starves no one and forgets nothing, whatever comes and goes', () => {
    const step = fc.record({
      caller: fc.constantFrom('a', 'b', 'c', 'd'),
      weight: fc.integer({ min: 1, max: 8 }),
      /** What else happens: someone who waits gives up, or someone inside is done. */
      event: fc.constantFrom('nothing', 'give up', 'leave', 'leave'),
      at: fc.nat(),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 8 }),
        fc.array(step, { maxLength: 80 }),
        (inFlight, waiting, steps) => {
          const policy = new AdmissionPolicy({ inFlight, waiting });
          const shareOf = (caller: string) => (caller === 'a' ? 1 / 2 : 3 / 4);
          const claims: Claim[] = [];
          const inState = (state: Claim['state']) => claims.filter((claim) => claim.state === state);
          const weigh = (of: readonly Claim[]) => of.reduce((sum, { weight }) => sum + weight, 0);

          const assertLimits = () => {
            const admitted = inState('admitted');
            expect(weigh(admitted)).toBeLessThanOrEqual(inFlight);
            expect(inState('waiting').length).toBeLessThanOrEqual(waiting);
            for (const caller of ['a', 'b', 'c', 'd']) {
              const limit = Math.max(1, Math.floor(shareOf(caller) * inFlight));
              expect(weigh(admitted.filter((claim) => claim.caller === caller))).toBeLessThanOrEqual(limit);
            }
            // Nobody waits in an empty house.
            if (admitted.length === 0) expect(inState('waiting')).toEqual([]);
          };

          for (const { caller, weight, event, at } of steps) {
            const claim: Claim = { caller, share: shareOf(caller), weight, state: 'outside' };
            const hadRoom = policy.hasRoom(caller, claim.share);
            claims.push(claim);
            const state = policy.enter(claim);
            if (weight === 1) expect(state !== 'outside').toBe(hadRoom);
            assertLimits();
            const others = inState(event === 'give up' ? 'waiting' : 'admitted');
            const leaving = event === 'nothing' ? undefined : others[at % Math.max(1, others.length)];
            if (leaving === undefined) continue;
            const before = new Set(inState('admitted'));
            const letIn = policy.leave(leaving);
            expect(new Set(letIn)).toEqual(new Set(inState('admitted').filter((one) => !before.has(one))));
            expect(policy.leave(leaving)).toEqual([]);
            assertLimits();
          }
          // As those inside get done, everyone who waits has a turn.
          while (inState('admitted').length > 0) for (const claim of inState('admitted')) policy.leave(claim);
          expect(inState('waiting')).toEqual([]);
          expect(policy.enter(claimOf('z', inFlight))).toBe('admitted');
        },
      ),
      { numRuns: 500 },
    );
  });
});
