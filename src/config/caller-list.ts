import { z } from 'zod';
import { type CallerEntry, SCOPES } from '../domain/caller.ts';

const callerSchema = z.strictObject({
  name: z.string().min(1).max(64),
  tokenSha256: z.string().regex(/^[0-9a-f]{64}$/i, '64 hexadecimal digits expected'),
  scopes: z.array(z.enum(SCOPES)).min(1),
  apps: z.array(z.string().min(1)).min(1).optional(),
});

/** Reads a JSON array of callers. Says what is wrong by place, never by value: a token may stand where its hash belongs. */
export function parseCallerList(text: string): { callers: CallerEntry[]; faults: string[] } {
  const entries = z.array(callerSchema).safeParse(parseJson(text));
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
  return { callers, faults: findDuplicates(entries.data.map(({ name }) => name)) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Intentionally without the parser's message: it quotes the text.
    return undefined;
  }
}

function findDuplicates(names: readonly string[]): string[] {
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  return [...new Set(repeated)].map((name) => `the name "${name}" stands there more than once`);
}
