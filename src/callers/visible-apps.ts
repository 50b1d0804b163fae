import type { ServedApps, VisibleApps } from '../domain/app.ts';
import type { Caller } from '../domain/caller.ts';

export function createVisibleApps(served: ServedApps, { appIds }: Caller): VisibleApps {
  if (served === 'any') {
    return {
      list: () => [],
      find: (appId) => (appIds === undefined || appIds.has(appId) ? { appId, name: null } : undefined),
    };
  }
  const visible = appIds === undefined ? served : served.filter(({ appId }) => appIds.has(appId));
  const byId = new Map(visible.map((app) => [app.appId, app]));
  return { list: () => visible, find: (appId) => byId.get(appId) };
}
