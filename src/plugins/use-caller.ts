import type { CallerRegistry } from '../callers/registry.ts';
import { createVisibleApps } from '../callers/visible-apps.ts';
import type { ServedApps, VisibleApps } from '../domain/app.ts';
import type { Caller } from '../domain/caller.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';

/** Says who asks and which apps they see, before the document is looked at: a wrong token costs one hash. */
export function useCaller(registry: CallerRegistry, served: () => ServedApps): PipelinePlugin {
  // A caller is one object as long as what is served to it stays.
  const visibleTo = new WeakMap<Caller, VisibleApps>();

  return {
    // Yoga reads the parameters after this: a wrong token is told nothing about them.
    onRequestParse({ serverContext }) {
      serverContext.caller ??= registry.identify(serverContext.authorization);
    },
    onEnveloped({ context, extendContext }) {
      if (context == null) return;
      const caller = context.caller ?? registry.identify(context.authorization);
      let apps = visibleTo.get(caller);
      if (apps === undefined) {
        apps = createVisibleApps(served(), caller);
        visibleTo.set(caller, apps);
      }
      extendContext({ caller, apps });
    },
  };
}
