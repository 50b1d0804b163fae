/** Why the process ends: someone wants it to, or a bug left it in an unknown state. */
export type EndReason = { readonly signal: string } | { readonly bug: unknown };

export interface SignalHandlers {
  /** Called once, whatever comes after. */
  end(reason: EndReason): void;
  reload(): void;
}

export interface Signals {
  /** What is done from now on. Before, an end is one at once, and a bug ends the process with its stack. */
  handle(handlers: SignalHandlers): void;
}

export interface SignalSource {
  on(event: string, listener: (evidence: unknown) => void): unknown;
  exit(code: number): unknown;
  /** Whether a person started the process, at a terminal that may be closed. */
  isTerminal(): boolean;
}

/** SIGQUIT and SIGUSR2 are what some process managers send. */
const END_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGUSR2'];

/**
 * Takes the signals of a process. A process group and npm can each deliver one: the first that ends counts.
 * SIGHUP means that the configuration is to be read again, or, on a terminal, that it has been closed.
 */
export function takeSignals(source: SignalSource): Signals {
  let handlers: SignalHandlers | undefined;
  let isEnding = false;

  function end(reason: EndReason): void {
    if (isEnding) return;
    isEnding = true;
    // Before the start is through nothing has been accepted, so nothing has to be waited for.
    if (handlers === undefined) source.exit(0);
    else handlers.end(reason);
  }

  for (const signal of END_SIGNALS) source.on(signal, () => end({ signal }));
  source.on('SIGHUP', () => {
    if (source.isTerminal()) end({ signal: 'SIGHUP' });
    // One that comes during the start asks for what is just being read.
    else if (!isEnding) handlers?.reload();
  });

  return {
    handle(next) {
      handlers = next;
      source.on('uncaughtException', (bug) => end({ bug }));
      source.on('unhandledRejection', (bug) => end({ bug }));
    },
  };
}
