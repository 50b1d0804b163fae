import { z } from 'zod';
import type { ServedApps } from '../domain/app.ts';
import { type CallerEntry, findCallerNameFault, SCOPES } from '../domain/caller.ts';
import { findAppIdFault } from '../domain/identifier.ts';
import { parseJson } from './json.ts';

const callerSchema = z.strictObject({
  name: textWithout(findCallerNameFault),
  tokenSha256: z.string().regex(/^[0-9a-f]{64}$/i, '64 hexadecimal digits expected'),
  scopes: z.array(z.enum(SCOPES)).min(1),
  apps: z.array(textWithout(findAppIdFault)).min(1).optional(),
});

type ListedCaller = z.infer<typeof callerSchema>;

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
    const faults = entries.error.issues.map(({ path, message }) =>
      path.length === 0 ? 'expected a JSON array of callers' : `${path.join('.')}: ${message}`,
    );
    return { callers: [], faults };
  }
  const callers = entries.data.map(
    ({ name, tokenSha256, scopes, apps }): CallerEntry => ({
      name,
      tokenSha256: Buffer.from(tokenSha256, 'hex'),
      scopes: new Set(scopes),
      ...(apps === undefined ? {} : { appIds: new Set(apps) }),
    }),
  );
  return { callers, faults: [...listDuplicates(entries.data), ...listForeignApps(entries.data, served)] };
}

function textWithout(findFault: (text: string) => string | undefined): z.ZodType<string> {
  return z.string().superRefine((text, context) => {
    const message = findFault(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
}

/** Two of one name cannot be told apart in the log; of two with one token, only one would ever be found. */
function listDuplicates(callers: readonly ListedCaller[]): string[] {
  return callers.flatMap(({ name, tokenSha256 }, index) => {
    const before = callers.slice(0, index);
    const sameName = before.findIndex((other) => other.name === name);
    const sameToken = before.findIndex(
      (other) => other.tokenSha256.toLowerCase() === tokenSha256.toLowerCase(),
    );
    return [
      ...(sameName < 0 ? [] : [`${index}.name: the same as ${sameName}.name`]),
      ...(sameToken < 0 ? [] : [`${index}.tokenSha256: the same as ${sameToken}.tokenSha256`]),
    ];
  });
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
