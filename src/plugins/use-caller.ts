import type { Identities } from '../callers/identities.ts';
import { createVisibleApps } from '../callers/visible-apps.ts';
import type { ServedApps, VisibleApps } from '../domain/app.ts';
import type { Caller } from '../domain/caller.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';

/** Says who asks and which apps they see, before the document is looked at: a wrong token costs one hash. */
export function useCaller(
  identities: Pick<Identities, 'identify'>,
  served: () => ServedApps,
): PipelinePlugin {
  // A caller is one object as long as what is served to it stays.
  const visibleTo = new WeakMap<Caller, VisibleApps>();

  return {
    // Yoga reads the parameters after this: a wrong token is told nothing about them.
    async onRequestParse({ serverContext }) {
      serverContext.caller ??= await identities.identify(serverContext);
    },
    onEnveloped({ context, extendContext }) {
      if (context == null) return;
      const { caller } = context;
      if (caller === undefined) throw new TypeError('Nobody has said who asks.');
      let apps = visibleTo.get(caller);
      if (apps === undefined) {
        apps = createVisibleApps(served(), caller);
        visibleTo.set(caller, apps);
      }
      extendContext({ caller, apps });
    },
  };
}
