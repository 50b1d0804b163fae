import type * as z from 'zod';
import { findTypedName } from './near-name.ts';

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

/**
 * Says in plain words what is wrong at a place, and never what stands there: it may be a secret.
 * @param known the names that an object may have.
 */
export function describeIssue(issue: z.core.$ZodIssue, known: readonly string[] = []): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? 'missing'
        : `expected ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `expected one of ${issue.values.join(', ')}`;
    case 'too_small':
      return issue.origin === 'array' ? 'expected one at least' : `expected ${issue.minimum} at least`;
    case 'too_big':
      return `expected ${issue.maximum} at most`;
    case 'unrecognized_keys':
      return issue.keys.map((key) => describeKey(key, known)).join('; ');
    default:
      return issue.message;
  }
}

function describeKey(key: string, known: readonly string[]): string {
  const near = key === 'token' ? 'tokenSha256' : findTypedName(key, known);
  return `there is no "${key}"${near === undefined ? '' : `; is "${near}" meant?`}`;
}
