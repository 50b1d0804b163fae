import type { App, ServedApps } from '../domain/app.ts';
import { findAppIdFault } from '../domain/identifier.ts';

/** Reads `id=Name,id,…`, or `*` for any app. */
export function parseAppList(items: readonly string[]): { apps: ServedApps; faults: string[] } {
  if (items.length === 1 && items[0] === '*') return { apps: 'any', faults: [] };
  const apps = items.map(parseApp);
  const faults = apps.flatMap(({ appId }, index) => {
    if (appId === '*') return [`item ${index + 1}: "*" stands alone, for any app`];
    const fault = findAppIdFault(appId);
    if (fault !== undefined) return [`item ${index + 1}: an app id ${fault}`];
    return apps.findIndex((app) => app.appId === appId) < index
      ? [`the app "${appId}" stands there twice`]
      : [];
  });
  return { apps, faults };
}

function parseApp(item: string): App {
  const [appId = '', ...name] = item.split('=');
  return { appId: appId.trim(), name: name.join('=').trim() || null };
}
