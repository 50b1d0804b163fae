import { isInteger, isObject } from './input.ts';

/** What a well-formed call asks for. */
export interface SipQuery {
  readonly appId: string;
  /** Page number, from 1. */
  readonly current: number;
  /** Rows on a page, 1 to 100. */
  readonly size: number;
}

const MAX_SIZE = 100;

/** The vendor's type is Int, Java's: 32 bits with a sign. */
const MAX_INT = 2 ** 31 - 1;

/**
 * Reads the body of a call, or returns undefined where the vendor would answer -22: all three parameters are required
 * and "cannot be passed empty". Stricter than a Java server might be about `"1"` for 1, so that a caller who sends
 * text for a documented Int is found out here and not in production.
 */
export function parseSipQuery(bodyText: string): SipQuery | undefined {
  const body = parseJson(bodyText);
  if (!isObject(body)) return undefined;
  const { current, size, params } = body;
  if (!isObject(params)) return undefined;
  const { appId } = params;
  if (!isIntWithin(current, MAX_INT) || !isIntWithin(size, MAX_SIZE)) return undefined;
  if (typeof appId !== 'string' || appId.trim() === '') return undefined;
  return { appId, current, size };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isIntWithin(value: unknown, max: number): value is number {
  return isInteger(value) && value >= 1 && value <= max;
}
