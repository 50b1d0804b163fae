import * as z from 'zod';
import { findIdentifierFault } from '../domain/identifier.ts';
import { NO_FILTER, type PhoneFilter, parsePhoneFilter } from '../paging/phone-filter.ts';
import { PHONE_FIELDS, type PhoneField } from '../paging/phone-order.ts';

export const EXPORT_FORMATS = ['jsonl', 'csv'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What an export is asked for. */
export interface ExportOptions {
  readonly appId: string;
  readonly format: ExportFormat;
  readonly filter: PhoneFilter;
  /** Standard output where it is undefined. */
  readonly out: string | undefined;
  readonly passwords: boolean;
}

/** Options as the command line gives them. */
export interface ExportFlags {
  readonly app?: string | undefined;
  readonly format?: string | undefined;
  readonly filter?: string | undefined;
  readonly out?: string | undefined;
  readonly passwords?: boolean | undefined;
}

/** An option that cannot be right; its message is for whoever typed it. */
export class ExportOptionError extends Error {}

const textFilter = z
  .strictObject({
    equals: z.string().nullish(),
    in: z.array(z.string()).nullish(),
    contains: z.string().nullish(),
    startsWith: z.string().nullish(),
    isNull: z.boolean().nullish(),
  })
  .nullish();

const phoneFilter = z.strictObject({
  text: z.string().nullish(),
  account: textFilter,
  phoneName: textFilter,
  groupName: textFilter,
  displayNum: textFilter,
} satisfies Record<PhoneField | 'text', unknown>);

/** @throws {ExportOptionError} naming the option at fault. */
export function parseExportOptions(flags: ExportFlags): ExportOptions {
  const { app, format = 'jsonl', out, passwords = false } = flags;
  if (app === undefined) throw new ExportOptionError('--app is missing.');
  const fault = findIdentifierFault(app);
  if (fault !== undefined) throw new ExportOptionError(`--app: ${fault}`);
  const known = EXPORT_FORMATS.find((each) => each === format);
  if (known === undefined) throw new ExportOptionError(`--format: expected ${EXPORT_FORMATS.join(' or ')}`);
  if (out === '') throw new ExportOptionError('--out: expected a path');
  return { appId: app, format: known, filter: parseFilter(flags.filter), out, passwords };
}

function parseFilter(text: string | undefined): PhoneFilter {
  if (text === undefined) return NO_FILTER;
  const parsed = phoneFilter.safeParse(parseJson(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
    throw new ExportOptionError(
      `--filter: expected a PhoneFilter as JSON${place}, with ${PHONE_FIELDS.join(', ')} or text`,
    );
  }
  return parsePhoneFilter(parsed.data);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
