import type { PipelinePlugin } from './pipeline-plugin.ts';

/** The hooks that both entry points of the gateway ask. */
const SHARED_HOOKS: ReadonlySet<string> = new Set([
  'onYogaInit',
  'onPluginInit',
  'onSchemaChange',
  'onEnveloped',
  'onParse',
  'onValidate',
  'onContextBuilding',
  'onExecute',
  'onDispose',
]);

/**
 * Lets a plugin into the pipeline. One that relies on a hook of Yoga's request handling would be skipped by the short
 * entry point without a word, and with it whatever the plugin refuses.
 * @param matched such hooks whose work the short entry point does in another place.
 * @throws {TypeError} naming the hooks that only one entry point asks.
 */
export function assertHooks(plugin: PipelinePlugin, matched: readonly string[] = []): PipelinePlugin {
  const unasked = Object.entries(plugin)
    .filter(([name, hook]) => hook !== undefined && !SHARED_HOOKS.has(name) && !matched.includes(name))
    .map(([name]) => name);
  if (unasked.length > 0)
    throw new TypeError(`A plugin needs ${unasked.join(', ')}, which the short entry point does not ask.`);
  return plugin;
}
