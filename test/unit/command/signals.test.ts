import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { takeSignals } from '../../../src/command/signals.ts';

function take({ isTerminal = false } = {}) {
  const events = new EventEmitter();
  const happened: unknown[] = [];
  const signals = takeSignals({
    on: (event, listener) => events.on(event, listener),
    exit: (code) => happened.push({ exit: code }),
    isTerminal: () => isTerminal,
  });
  const run = () =>
    signals.handle({ end: (reason) => happened.push(reason), reload: () => happened.push('reload') });
  return { events, happened, run };
}

describe('takeSignals', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGUSR2'])('ends once by %s, whatever comes after', (signal) => {
    const { events, happened, run } = take();
    run();
    for (const event of [signal, signal, 'SIGTERM', 'SIGHUP', 'uncaughtException']) events.emit(event);
    expect(happened).toEqual([{ signal }]);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGUSR2'])(
    'exits with 0 by %s before the start is through',
    (signal) => {
      const { events, happened } = take();
      events.emit(signal);
      expect(happened).toEqual([{ exit: 0 }]);
    },
  );

  it('reads the configuration again by each SIGHUP', () => {
    const { events, happened, run } = take();
    events.emit('SIGHUP');
    expect(happened).toEqual([]);
    run();
    events.emit('SIGHUP');
    events.emit('SIGHUP');
    expect(happened).toEqual(['reload', 'reload']);
  });

  it('ends by SIGHUP where its terminal was closed', () => {
    const { events, happened, run } = take({ isTerminal: true });
    run();
    events.emit('SIGHUP');
    expect(happened).toEqual([{ signal: 'SIGHUP' }]);
  });

  it.each(['uncaughtException', 'unhandledRejection'])('ends once by an %s', (event) => {
    const { events, happened, run } = take();
    run();
    const bug = new Error('lost');
    events.emit(event, bug);
    events.emit(event, bug);
    expect(happened).toEqual([{ bug }]);
  });

  it('leaves a bug of the start to Node, which shows its stack', () => {
    const { events } = take();
    expect(events.listenerCount('uncaughtException') + events.listenerCount('unhandledRejection')).toBe(0);
  });
});
