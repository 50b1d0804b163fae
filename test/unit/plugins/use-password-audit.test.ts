import { describe, expect, it } from '@jest/globals';
import { usePasswordAudit } from '../../../src/plugins/use-password-audit.ts';

const nothing = () => undefined;

/** Calls a hook as Envelop does, with a context that it never makes. */
function callHook(name: 'onContextBuilding' | 'onExecute', payload: object): unknown {
  const plugin = usePasswordAudit({
    sink: { write: async () => undefined },
    limits: { takeOne: () => nothing, noteReads: nothing },
    now: () => new Date(0),
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    requestTimeoutMs: () => 8_000,
  });
  return Reflect.apply(plugin[name] ?? nothing, undefined, [payload]);
}

const caller = { name: 'ops', scopes: new Set() };

describe('usePasswordAudit', () => {
  it('throws for a request without a caller', () => {
    expect(() => callHook('onContextBuilding', { context: {}, extendContext: nothing })).toThrow(TypeError);
  });

  it('throws where the audit is not its own, rather than record nothing', () => {
    const audit = { note: nothing, takeOne: () => nothing };
    const { onExecuteDone } = Object(callHook('onExecute', { context: { caller, audit } }));
    expect(onExecuteDone).toThrow(TypeError);
  });

  it('throws where the audit is of another caller', () => {
    let context: object = { caller };
    callHook('onContextBuilding', {
      context,
      extendContext: (more: object) => {
        context = { ...context, ...more };
      },
    });
    const { onExecuteDone } = Object(
      callHook('onExecute', { context: { ...context, caller: { ...caller } } }),
    );
    expect(onExecuteDone).toThrow(TypeError);
  });
});
