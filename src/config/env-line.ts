import { HIDDEN_CHARACTER } from './hidden-character.ts';

/** One setting of an `.env` file. */
export interface Setting {
  readonly name: string;
  readonly value: string;
}

/** A line of an `.env` file: a setting, nothing (blank or a comment), or why it cannot be read. */
export type EnvLine = Setting | { readonly fault: string } | undefined;

const SETTING = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/;
const BLANK_OR_COMMENT = /^[ \t]*(?:#.*)?$/;
/** What may follow a value: blanks, and a comment after at least one. */
const END_OR_COMMENT = /^(?:[ \t]+#.*|[ \t]*)$/;
/** Where a comment begins behind a value without quotes: a `#` that stands alone. */
const COMMENT = /(?:^|[ \t]+)#(?:[ \t].*)?$/;
const QUOTE = /["'`‘’‚“”„«»]/u;
/** A second setting behind a value. Not behind a comma: there it is an item of a list, such as `a=Sales, B=South`. */
const SECOND_SETTING = /[^,\s][ \t]+(?:export[ \t]+)?[A-Z_][A-Z0-9_]*=/;

/**
 * Reads a line, where every program that reads such files reads the same; what they read differently is a fault.
 * A fault never quotes the line: a secret may stand anywhere in it.
 */
export function parseEnvLine(line: string): EnvLine {
  if (HIDDEN_CHARACTER.test(line.replaceAll('\t', ' ')))
    return { fault: 'a control character or one that cannot be seen; take it out' };
  if (BLANK_OR_COMMENT.test(line)) return undefined;
  const [, name, rest = ''] = SETTING.exec(line) ?? [];
  if (name === undefined) return { fault: describeNoSetting(line) };
  const value = parseValue(rest);
  return 'fault' in value ? value : { name, value: value.text };
}

function describeNoSetting(line: string): string {
  if (/^[ \t]*(?:export[ \t]+)?[A-Za-z_][A-Za-z0-9_]*[ \t]+=/.test(line))
    return 'a blank before "="; expected NAME=value';
  return 'expected NAME=value, a comment that begins with "#", or nothing';
}

type Value = { readonly text: string } | { readonly fault: string };

function parseValue(rest: string): Value {
  const quote = rest[0];
  if (quote === '"' || quote === "'") return parseQuoted(rest, quote);
  const comment = COMMENT.exec(rest);
  const text = rest.slice(0, comment?.index).replace(/[ \t]+$/, '');
  const fault = findFault(text);
  return fault === undefined ? { text } : { fault };
}

function parseQuoted(rest: string, quote: '"' | "'"): Value {
  const end = rest.indexOf(quote, 1);
  if (end < 0)
    return { fault: 'a quote that does not end on its line; a value of several lines goes into a file' };
  const text = rest.slice(1, end);
  if (quote === '"' && /[\\$`]/.test(text))
    return { fault: '"\\", "$" or "`" in double quotes is read differently by programs; use single quotes' };
  if (!END_OR_COMMENT.test(rest.slice(end + 1)))
    return { fault: 'more behind the closing quote; a comment needs a blank before its "#"' };
  return { text };
}

/** Says what is read differently by programs in a value without quotes. */
function findFault(text: string): string | undefined {
  if (/^[ \t]/.test(text)) return 'a blank behind "="; expected NAME=value';
  if (text.includes('#'))
    return '"#" in a value; put the value in single quotes, or a blank on both sides of a comment\'s "#"';
  if (/[$`]/.test(text)) return '"$" or "`" in a value; put the value in single quotes';
  if (/^\p{White_Space}|\p{White_Space}$/u.test(text))
    return 'a blank that is not a plain one around the value; take it out';
  if (text !== '' && (QUOTE.test(text.charAt(0)) || QUOTE.test(text.charAt(text.length - 1))))
    return 'a quote at one end of the value; use a plain " or \' at both ends';
  if (text.endsWith('\\')) return '"\\" at the end of a line; a value of several lines goes into a file';
  if (SECOND_SETTING.test(text)) return 'two settings on one line; put the value in quotes if it is one';
  return undefined;
}
