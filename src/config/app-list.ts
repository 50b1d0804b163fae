import type { App, ServedApps } from '../domain/app.ts';
import { findIdentifierFault } from '../domain/identifier.ts';

/** Reads `id=Name,id,…`, or `*` for any app. */
export function parseAppList(items: readonly string[]): { apps: ServedApps; faults: string[] } {
  if (items.length === 1 && items[0] === '*') return { apps: 'any', faults: [] };
  const apps = items.map(parseApp);
  const faults = apps.flatMap(({ appId }, index) => {
    const fault = appId === '*' ? '"*" stands alone, for any app' : findIdentifierFault(appId);
    if (fault !== undefined) return [`item ${index + 1}: ${appId === '*' ? fault : `an app id ${fault}`}`];
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
