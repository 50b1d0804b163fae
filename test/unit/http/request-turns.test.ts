import { describe, expect, it } from '@jest/globals';
import { createRequestTurns } from '../../../src/http/request-turns.ts';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Requests that take their time on a clock that stands still otherwise. */
function createFixture() {
  let now = 0;
  const turns = createRequestTurns({ monotonicNow: () => now });
  const begun: string[] = [];
  return {
    turns,
    begun,
    async request(name: string, ms: number): Promise<void> {
      await turns.take();
      begun.push(name);
      now += ms;
    },
    /** So many turns of the event loop, of which each has accepted a connection. */
    async accept(count: number): Promise<void> {
      for (let turn = 0; turn < count; turn++) {
        turns.noteAccepted();
        await nextTurn();
      }
    },
  };
}

describe('createRequestTurns', () => {
  it('lets requests begin at once as long as their turn has time, which is 10 ms', async () => {
    const { turns, request } = createFixture();
    await request('a', 5);
    await request('b', 4);
    expect(turns.take()).toBeUndefined();
    await request('c', 1);
    expect(turns.take()).toBeInstanceOf(Promise);
  });

  it('has those who come too late wait for a later turn, in their order and before those who come then', async () => {
    const { begun, request } = createFixture();
    await request('a', 10);
    const late = ['b', 'c', 'd'].map((name) => request(name, 10));
    expect(begun).toEqual(['a']);
    await nextTurn();
    await nextTurn();
    expect(begun).toEqual(['a', 'b']);
    late.push(request('e', 10));
    await Promise.all(late);
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('begins several of those who wait in one turn where they are short', async () => {
    const { begun, request } = createFixture();
    await request('long', 10);
    const late = Promise.all(Array.from({ length: 20 }, (_, index) => request(`${index}`, 1)));
    await nextTurn();
    await nextTurn();
    expect(begun).toHaveLength(1 + 10);
    await late;
  });

  it('answers who has just connected at once, and has requests wait while each turn brings a connection', async () => {
    const { turns, begun, request, accept } = createFixture();
    await accept(2);
    expect(turns.take()).toBeUndefined();
    await accept(1);
    const waiting = request('a', 1);
    await accept(10);
    expect(begun).toEqual([]);
    await nextTurn();
    await nextTurn();
    await waiting;
    expect(begun).toEqual(['a']);
  });

  it('lets requests begin within some 400 turns, however many connect', async () => {
    const { begun, request, accept } = createFixture();
    await accept(3);
    void request('a', 1);
    await accept(390);
    expect(begun).toEqual([]);
    await accept(12);
    expect(begun).toEqual(['a']);
  });
});
