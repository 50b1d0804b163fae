import { describe, expect, it } from '@jest/globals';
import { createFailureQueue, type FailureQueue } from '../../../src/sandbox/failure-queue.ts';
import { createRandom } from '../../../src/sandbox/random.ts';

function takeFaults(queue: FailureQueue, count: number, appId?: string): (string | undefined)[] {
  return Array.from({ length: count }, () => queue.take(appId)?.fault);
}

describe('createFailureQueue', () => {
  it('spoils one call unless it is told otherwise', () => {
    const queue = createFailureQueue(createRandom(1));
    queue.add({ fault: 'hang' });
    expect(takeFaults(queue, 2)).toEqual(['hang', undefined]);
  });

  it('uses failures up in the order they were added', () => {
    const queue = createFailureQueue(createRandom(1));
    queue.add({ fault: 'hang', times: 2 });
    queue.add({ fault: 'list' });
    expect(takeFaults(queue, 4)).toEqual(['hang', 'hang', 'list', undefined]);
  });

  it('shows what is left', () => {
    const queue = createFailureQueue(createRandom(1));
    queue.add({ fault: 'hang', times: 3 });
    queue.take(undefined);
    expect(queue.pending).toEqual([{ fault: 'hang', times: 2 }]);
  });

  it('goes on for ever with always, until it is cleared', () => {
    const queue = createFailureQueue(createRandom(1));
    queue.add({ fault: 'hang', times: 'always' });
    expect(takeFaults(queue, 100).filter((fault) => fault === 'hang')).toHaveLength(100);
    queue.clear();
    expect(takeFaults(queue, 1)).toEqual([undefined]);
  });

  it('spares calls for other apps, and calls for none', () => {
    const queue = createFailureQueue(createRandom(1));
    queue.add({ fault: 'hang', appId: 'a' });
    expect([queue.take('b'), queue.take(undefined)]).toEqual([undefined, undefined]);
    expect(takeFaults(queue, 1, 'a')).toEqual(['hang']);
  });

  it('meets calls with its probability, the same ones from the same seed', () => {
    const draw = (seed: number) => {
      const queue = createFailureQueue(createRandom(seed));
      queue.add({ fault: 'hang', probability: 0.1, times: 'always' });
      return takeFaults(queue, 10_000);
    };
    const met = draw(1).filter((fault) => fault === 'hang').length;
    expect(met).toBeGreaterThan(900);
    expect(met).toBeLessThan(1100);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('refuses what is no failure', () => {
    const queue = createFailureQueue(createRandom(1));
    expect(() => queue.add({ fault: 'hang', times: 0 })).toThrow('times: expected');
    expect(queue.pending).toEqual([]);
  });
});
