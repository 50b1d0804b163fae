import { isHeaderValue } from './header.ts';
import { assertInput, type Check, InputError, isCount, isInteger, isObject, isText } from './input.ts';

/** Answers that are bad as text, as JSON, or as what was asked for. */
const MALFORMED_BODIES = [
  'html',
  'empty',
  'brokenJson',
  'null',
  'list',
  'dataMissing',
  'dataNotObject',
  'totalMissing',
  'totalNotNumber',
  'recordsNull',
  'recordsNotList',
  'recordNotObject',
  'recordWithoutAccount',
  'accountEmpty',
  'accountNotText',
  'passwordMissing',
  'passwordNull',
  'accountTwice',
  'tooManyRecords',
  'otherPage',
  'invalidUtf8',
  'tooLarge',
  'tooLargeCompressed',
] as const;

/** Ways in which a connection spoils a good answer. */
export const BROKEN_DELIVERIES = [
  'resetBeforeHeaders',
  'closeBeforeHeaders',
  'resetMidBody',
  'truncated',
  'truncatedChunks',
  'truncatedWithoutLength',
  'hang',
  'hangMidBody',
  'trickle',
] as const;

export type MalformedBody = (typeof MALFORMED_BODIES)[number];
export type BrokenDelivery = (typeof BROKEN_DELIVERIES)[number];

export type Fault =
  /** A vendor status instead of the answer, known or not: -1, -2, -15, -18, -22, -99. */
  | { readonly fault: 'status'; readonly status: number }
  /** An HTTP status with a proxy's HTML page; `retryAfter` becomes the header, in seconds or as a date. */
  | { readonly fault: 'http'; readonly httpStatus: number; readonly retryAfter?: number | string }
  /** 307 to a location. */
  | { readonly fault: 'redirect'; readonly location: string }
  /** Count and list raced: `total` is off by so many, the rows are right. */
  | { readonly fault: 'total'; readonly by: number }
  | { readonly fault: MalformedBody | BrokenDelivery };

/** A fault, and which calls meet it. */
export type Failure = Fault & {
  /** How many calls it spoils before it is used up. Default 1. */
  readonly times?: number | 'always';
  /** Only calls for this app; default: all calls. */
  readonly appId?: string;
  /** Share of the calls that meet it, 0 to 1, drawn from the sandbox's seed. Default 1. */
  readonly probability?: number;
};

const RULE_CHECKS: Readonly<Record<string, Check>> = {
  fault: [isText, 'a fault'],
  times: [
    (value) => value === 'always' || (isInteger(value) && value >= 1),
    'a whole number from 1, or "always"',
  ],
  appId: [isText, 'a text'],
  probability: [(value) => typeof value === 'number' && value >= 0 && value <= 1, 'a number from 0 to 1'],
};

const FAULT_CHECKS: ReadonlyMap<string, Readonly<Record<string, Check>>> = new Map([
  ['status', { status: [isInteger, 'a status of the vendor'] }],
  ['http', { httpStatus: [isHttpStatus, 'an HTTP status from 200 to 599'] }],
  ['redirect', { location: [isHeaderValue, 'an address that a header can hold'] }],
  ['total', { by: [isInteger, 'a whole number'] }],
  ...[...MALFORMED_BODIES, ...BROKEN_DELIVERIES].map((fault) => [fault, {}] as const),
]);

const OPTIONAL_CHECKS: Readonly<Record<string, Check>> = {
  retryAfter: [
    (value) => isCount(value) || isHeaderValue(value),
    'seconds, or a text that a header can hold',
  ],
};

/** @throws {InputError} naming what is unknown, missing or out of range. */
export function assertFailure(input: unknown): asserts input is Failure {
  if (!isObject(input)) throw new InputError('expected a JSON object');
  const { fault } = input;
  const own = FAULT_CHECKS.get(String(fault));
  if (own === undefined) {
    throw new InputError(`fault: expected one of ${[...FAULT_CHECKS.keys()].join(', ')}`);
  }
  const missing = Object.keys(own).filter((key) => !Object.hasOwn(input, key));
  if (missing.length > 0) throw new InputError(`${missing.join(', ')}: required with ${fault}`);
  assertInput(input, { ...RULE_CHECKS, ...own, ...(fault === 'http' ? OPTIONAL_CHECKS : {}) });
}

function isHttpStatus(value: unknown): boolean {
  return isInteger(value) && value >= 200 && value <= 599;
}
