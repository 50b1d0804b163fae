import { isHeaderName, isHeaderValue } from './header.ts';
import { assertInput, type Check, isBoolean, isCount, isInteger, isObject, nullOr } from './input.ts';

/** What happens to a call that asks for more rows than `max`. */
interface SizeClamp {
  /** The most rows on a page, 1 to 100. */
  readonly max: number;
  /**
   * `echo`: the clamped size is used and echoed. `firstPageOnly`: the same, but pages from the second on come back empty,
   * as some versions of the vendor's pager do. `reject`: -22.
   */
  readonly mode: 'echo' | 'firstPageOnly' | 'reject';
}

/** How this sandbox differs from the plainest reading of the vendor's page: everything that the real API may do as well. */
export interface Quirks {
  /** How long an answer waits once it is made, in milliseconds; at most {@link MAX_LATENCY_MS}. */
  readonly latencyMs: number;
  /** How far the vendor's clock is ahead of ours; negative when it is behind. Shows in `Date` and decides -16. */
  readonly clockSkewSeconds: number;
  /** Null: up to 100 rows, as documented. */
  readonly sizeClamp: SizeClamp | null;
  /** A page past the end is answered with page 1, so that "read until empty" never ends. */
  readonly overflowToFirstPage: boolean;
  /** Rows of one batch have no order among themselves; see `tied-order.ts`. */
  readonly ties: { readonly batchSize: number } | null;
  /** Ordered by time of update, the newest first: a phone that is edited goes to the top. */
  readonly updatedFirst: boolean;
  /** Before each answer a phone of the app leaves and another comes: the list never stands still. */
  readonly restless: boolean;
  /** Phones come, go and are edited by themselves, so many times a minute in each app that is asked for. */
  readonly drift: { readonly perMinute: number } | null;
  /** What an app id gets that nobody has: an empty page or -22. The vendor does not say. */
  readonly unknownApp: 'empty' | 'reject';
  /** `total`, `size`, `current` and `pages` as text. */
  readonly numbersAsStrings: boolean;
  /** `status` as a JSON number. */
  readonly numericStatus: boolean;
  /** Keys that the documentation does not have, at every level. */
  readonly extraKeys: boolean;
  /** A failure has `data: null`; otherwise it has no `data`. */
  readonly nullDataOnFailure: boolean;
  /** An empty page has `records: null` where the total is 0. */
  readonly nullRecordsWhenEmpty: boolean;
  /** Good JSON under `Content-Type: text/plain`. */
  readonly plainText: boolean;
  /** The body starts with a byte order mark. */
  readonly byteOrderMark: boolean;
  /** Sets `JSESSIONID`, as a servlet container does. */
  readonly sessionCookie: boolean;
  /** Header names in lower case, as proxies rewrite them. */
  readonly lowerCaseHeaders: boolean;
  /** Sent with each answer, such as the `Age` of a cache on the way. One that the sandbox sends itself is replaced. */
  readonly extraHeaders: Readonly<Record<string, string>>;
}

/** The longest that a timer of node waits; one set for longer ends at once. */
const MAX_LATENCY_MS = 2 ** 31 - 1;

export const NO_QUIRKS: Quirks = {
  latencyMs: 0,
  clockSkewSeconds: 0,
  sizeClamp: null,
  overflowToFirstPage: false,
  ties: null,
  updatedFirst: false,
  restless: false,
  drift: null,
  unknownApp: 'empty',
  numbersAsStrings: false,
  numericStatus: false,
  extraKeys: false,
  nullDataOnFailure: false,
  nullRecordsWhenEmpty: false,
  plainText: false,
  byteOrderMark: false,
  sessionCookie: false,
  lowerCaseHeaders: false,
  extraHeaders: {},
};

const FLAG: Check = [isBoolean, 'true or false'];

const CHECKS: Record<keyof Quirks, Check> = {
  latencyMs: [isLatency, `a whole number of milliseconds from 0 to ${MAX_LATENCY_MS}`],
  clockSkewSeconds: [isInteger, 'a whole number of seconds'],
  sizeClamp: [nullOr(isSizeClamp), 'null or {"max": 1-100, "mode": "echo" | "firstPageOnly" | "reject"}'],
  overflowToFirstPage: FLAG,
  ties: [nullOr(isTies), 'null or {"batchSize": a whole number from 1}'],
  updatedFirst: FLAG,
  restless: FLAG,
  drift: [nullOr(isDrift), 'null or {"perMinute": a number above 0, up to 60000}'],
  unknownApp: [(value) => value === 'empty' || value === 'reject', '"empty" or "reject"'],
  numbersAsStrings: FLAG,
  numericStatus: FLAG,
  extraKeys: FLAG,
  nullDataOnFailure: FLAG,
  nullRecordsWhenEmpty: FLAG,
  plainText: FLAG,
  byteOrderMark: FLAG,
  sessionCookie: FLAG,
  lowerCaseHeaders: FLAG,
  extraHeaders: [isHeaders, 'an object of names and texts that headers can have'],
};

/** @throws {InputError} naming every quirk that is unknown or has a value it cannot have. */
export function assertQuirks(input: unknown): asserts input is Partial<Quirks> {
  assertInput(input, CHECKS);
}

function isSizeClamp(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { max, mode } = value;
  return isCount(max) && max >= 1 && max <= 100 && ['echo', 'firstPageOnly', 'reject'].includes(String(mode));
}

function isLatency(value: unknown): boolean {
  return isCount(value) && value <= MAX_LATENCY_MS;
}

function isHeaders(value: unknown): boolean {
  return (
    isObject(value) &&
    Object.entries(value).every(([name, text]) => isHeaderName(name) && isHeaderValue(text))
  );
}

function isDrift(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { perMinute } = value;
  return typeof perMinute === 'number' && perMinute > 0 && perMinute <= 60_000;
}

function isTies(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { batchSize } = value;
  return isCount(batchSize) && batchSize >= 1;
}
