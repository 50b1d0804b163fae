import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isText } from './input.ts';

/** Whether it can be sent as a header's name. */
export function isHeaderName(value: unknown): value is string {
  return isText(value) && passes(() => validateHeaderName(value));
}

/** Whether it can be sent as a header's value: no line break, nothing beyond Latin-1. */
export function isHeaderValue(value: unknown): value is string {
  return isText(value) && passes(() => validateHeaderValue('any', value));
}

function passes(validate: () => void): boolean {
  try {
    validate();
    return true;
  } catch {
    return false;
  }
}
