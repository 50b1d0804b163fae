import { describe, expect, it } from '@jest/globals';
import { Canceller } from '../../../src/domain/cancel.ts';

/** As one that is aborted by its controller: both must do the same. */
class Aborter {
  readonly #controller = new AbortController();
  readonly signal = this.#controller.signal;
  abort = (reason: unknown) => this.#controller.abort(reason);
}

describe.each([
  [
    'a Canceller',
    () => {
      const canceller = new Canceller();
      return { signal: canceller, abort: (reason: unknown) => canceller.abort(reason) };
    },
  ],
  ["Node's AbortController", () => new Aborter()],
])('%s', (_, create) => {
  it('calls each listener once, in order, and keeps its first reason', () => {
    const { signal, abort } = create();
    const called: string[] = [];
    signal.addEventListener('abort', () => called.push('a'));
    signal.addEventListener('abort', () => called.push('b'));
    expect(signal.aborted).toBe(false);
    signal.throwIfAborted();
    const reason = new Error('gone');
    abort(reason);
    abort(new Error('again'));
    expect(called).toEqual(['a', 'b']);
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBe(reason);
    expect(() => signal.throwIfAborted()).toThrow(reason);
  });

  it('does not call a listener that was removed, by another one even', () => {
    const { signal, abort } = create();
    const called: string[] = [];
    const [first, second, third] = ['a', 'b', 'c'].map((name) => () => {
      called.push(name);
      if (third !== undefined) signal.removeEventListener('abort', third);
    });
    for (const listener of [first, second, third])
      if (listener !== undefined) signal.addEventListener('abort', listener);
    if (first !== undefined) signal.removeEventListener('abort', first);
    abort('gone');
    expect(called).toEqual(['b']);
  });

  it('knows a listener that was added twice once, and calls none that comes too late', () => {
    const { signal, abort } = create();
    let calls = 0;
    const listener = () => {
      calls += 1;
    };
    signal.addEventListener('abort', listener);
    signal.addEventListener('abort', listener);
    abort('gone');
    signal.addEventListener('abort', listener);
    abort('again');
    expect(calls).toBe(1);
  });
});
