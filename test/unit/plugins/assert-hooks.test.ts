import { describe, expect, it } from '@jest/globals';
import { assertHooks } from '../../../src/plugins/assert-hooks.ts';
import type { PipelinePlugin } from '../../../src/plugins/pipeline-plugin.ts';

const nothing = () => undefined;

describe('assertHooks', () => {
  it('lets a plugin in whose hooks both entry points ask', () => {
    const plugin: PipelinePlugin = { onEnveloped: nothing, onParse: nothing, onExecute: nothing };
    expect(assertHooks(plugin)).toBe(plugin);
  });

  it.each<[string, PipelinePlugin]>([
    ['onRequest', { onRequest: nothing }],
    ['onRequestParse', { onRequestParse: nothing }],
    ['onParams', { onParams: nothing }],
    ['onExecutionResult', { onExecutionResult: nothing }],
    ['onResultProcess', { onResultProcess: nothing }],
    ['onResponse', { onResponse: nothing }],
    ['onSubscribe', { onSubscribe: nothing }],
    ['instrumentation', { instrumentation: {} }],
  ])('refuses one that needs %s', (hook, plugin) => {
    expect(() => assertHooks({ onParse: nothing, ...plugin })).toThrow(
      `A plugin needs ${hook}, which the short entry point does not ask.`,
    );
  });

  it('lets one in whose other hooks are matched, all of them', () => {
    const plugin: PipelinePlugin = { onParams: nothing };
    expect(assertHooks(plugin, ['onParams'])).toBe(plugin);
    expect(() => assertHooks({ ...plugin, onRequest: nothing }, ['onParams'])).toThrow('needs onRequest,');
  });
});
