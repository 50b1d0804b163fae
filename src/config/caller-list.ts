import * as z from 'zod';
import type { ServedApps } from '../domain/app.ts';
import type { CallerEntry, CallerToken } from '../domain/caller.ts';
import { CALLER_KEYS, callerSchema, type ListedCaller } from './caller-schema.ts';
import { describeIssue } from './describe-issue.ts';
import { parseJson } from './json.ts';

/**
 * Reads a JSON array of callers. Says what is wrong by place, never by value: a token may stand where its hash belongs.
 * @param served the apps that a caller can be given; undefined when they are not known.
 */
export function parseCallerList(
  text: string,
  served: ServedApps | undefined,
): { callers: CallerEntry[]; faults: string[] } {
  const json = parseJson(text);
  if ('fault' in json) return { callers: [], faults: [json.fault] };
  const entries = z.array(callerSchema).safeParse(json.value);
  if (!entries.success) {
    const faults = entries.error.issues.map((issue) =>
      issue.path.length === 0
        ? 'expected a JSON array of callers'
        : `${issue.path.join('.')}: ${describeIssue(issue, CALLER_KEYS)}`,
    );
    return { callers: [], faults };
  }
  return {
    callers: entries.data.map(createEntry),
    faults: [...listRepetitions(entries.data), ...listForeignApps(entries.data, served)],
  };
}

function createEntry(listed: ListedCaller): CallerEntry {
  const { name, scopes, apps, tokenSha256, expiresAt, trustedDocumentsExempt, forwardsUser, ...limits } =
    listed;
  return {
    name,
    scopes: new Set(scopes),
    ...(apps === undefined ? {} : { appIds: new Set(apps) }),
    ...limits,
    ...(trustedDocumentsExempt === true ? { trustedDocumentsExempt } : {}),
    ...(forwardsUser === true ? { forwardsUser } : {}),
    tokens: tokenSha256.map((token): CallerToken => {
      const end = Math.min(
        expiresAt ?? Number.POSITIVE_INFINITY,
        token.expiresAt ?? Number.POSITIVE_INFINITY,
      );
      return {
        sha256: Buffer.from(token.sha256, 'hex'),
        ...(token.label === undefined ? {} : { label: token.label }),
        ...(Number.isFinite(end) ? { expiresAt: end } : {}),
      };
    }),
  };
}

/** Two of one name cannot be told apart in the log; of two with one token, only one would ever be found. */
function listRepetitions(callers: readonly ListedCaller[]): string[] {
  const places = new Map<string, string>();
  const faults: string[] = [];
  function note(kind: string, value: string, place: string): void {
    const before = places.get(`${kind} ${value}`);
    if (before === undefined) places.set(`${kind} ${value}`, place);
    else faults.push(`${place}: the same as ${before}`);
  }
  for (const [index, { name, tokenSha256 }] of callers.entries()) {
    note('name', name, `${index}.name`);
    for (const { place, sha256, label } of tokenSha256) {
      const path = [index, 'tokenSha256', ...place].join('.');
      note('token', sha256.toLowerCase(), path);
      if (label !== undefined) note(`label of ${index}`, label, `${path}.label`);
    }
  }
  return faults;
}

function listForeignApps(callers: readonly ListedCaller[], served: ServedApps | undefined): string[] {
  if (served === undefined || served === 'any') return [];
  const appIds = new Set(served.map(({ appId }) => appId));
  return callers.flatMap(({ apps = [] }, index) =>
    apps.flatMap((appId, place) =>
      appIds.has(appId) ? [] : [`${index}.apps.${place}: an app that ITNIO_APPS does not list`],
    ),
  );
}
