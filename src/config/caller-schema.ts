import * as z from 'zod';
import { findCallerNameFault, SCOPES } from '../domain/caller.ts';
import { findAppIdFault, findIdentifierFault } from '../domain/identifier.ts';
import { parseMoment } from '../domain/moment.ts';
import { describeIssue } from './describe-issue.ts';

/** Most tokens that one caller can have: more than a few is a list that nobody clears. */
const MAX_TOKENS = 20;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/i, '64 hexadecimal digits expected');

const moment = z.string().transform((text, context) => {
  const parsed = parseMoment(text);
  if (parsed !== undefined) return parsed;
  context.addIssue({
    code: 'custom',
    message: 'a date, a time and a zone expected, such as 2027-01-31T00:00:00Z',
  });
  return z.NEVER;
});

const labelledToken = z.strictObject({
  sha256,
  label: textWithout(findIdentifierFault).optional(),
  expiresAt: moment.optional(),
});

const TOKEN_KEYS = Object.keys(labelledToken.shape);

interface ListedToken extends z.infer<typeof labelledToken> {
  /** Where it stands below `tokenSha256`. */
  readonly place: readonly number[];
}

/** One hash, or a list in which each stands by itself or with its label. */
const tokens = z.unknown().transform((value, context): ListedToken[] => {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (items.length === 0 || items.length > MAX_TOKENS)
    context.addIssue({ code: 'custom', message: `1 to ${MAX_TOKENS} hashes expected` });
  return items.flatMap((item, index) => {
    const place = Array.isArray(value) ? [index] : [];
    const parsed =
      typeof item === 'object' && place.length > 0
        ? labelledToken.safeParse(item)
        : sha256.transform((text) => ({ sha256: text })).safeParse(item);
    if (parsed.success) return [{ ...parsed.data, place }];
    for (const issue of parsed.error.issues)
      context.addIssue({
        code: 'custom',
        path: [...place, ...issue.path],
        message: describeIssue(issue, TOKEN_KEYS),
      });
    return [];
  });
});

/** One entry of CALLERS. Its faults tell places, never values. */
export const callerSchema = z.strictObject({
  name: textWithout(findCallerNameFault),
  tokenSha256: tokens,
  scopes: z.array(z.enum(SCOPES)).min(1),
  apps: z.array(textWithout(findAppIdFault)).min(1).optional(),
  expiresAt: moment.optional(),
  callsPerMinute: z.int().min(1).max(1_000_000).optional(),
  passwordReadsPerHour: z.int().min(1).max(1_000_000).optional(),
  trustedDocumentsExempt: z.boolean().optional(),
  forwardsUser: z.boolean().optional(),
});

export const CALLER_KEYS = Object.keys(callerSchema.shape);

export type ListedCaller = z.infer<typeof callerSchema>;

function textWithout(findFault: (text: string) => string | undefined): z.ZodType<string> {
  return z.string().superRefine((text, context) => {
    const message = findFault(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
}
