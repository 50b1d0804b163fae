import { systemClock } from '../../src/domain/clock.ts';
import type { Phone } from '../../src/domain/phone.ts';
import { Secret } from '../../src/domain/secret.ts';
import type { CallOptions } from '../../src/itnio/call.ts';
import type { ItnioClient, SipPage, SipQuery } from '../../src/itnio/sip-page.ts';
import { createCursorCodec } from '../../src/paging/cursor.ts';
import { createValueCursorCodec } from '../../src/paging/value-cursor.ts';
import { createPhoneDirectory, type PhoneDirectoryOptions } from '../../src/phones/phone-directory.ts';
import type { PhoneDirectory, RequestPhones } from '../../src/phones/phones.ts';
import { createRequester } from './requester.ts';

export const APP = 'app';

/** The vendor's lists as plain arrays behind the client's interface: for laws that need thousands of lists. */
export interface VendorList {
  /** Accounts of {@link APP}, in order; tests change them at will. */
  accounts: string[];
  readonly client: Pick<ItnioClient, 'sipQuery'>;
  /** Each call, as `current/size`. */
  readonly calls: string[];
  /** Runs before each call is answered. */
  beforeAnswer: (query: SipQuery, options: CallOptions) => void | Promise<void>;
  /** Changes an answer on its way out. */
  distort: (page: SipPage, query: SipQuery) => SipPage;
  /** Rows of these accounts, as an answer has them. */
  phonesOf(accounts: readonly string[], appId: string): Phone[];
  /** The rows as this query finds them: a list whose order depends on the query has no order. */
  order: (accounts: readonly string[], query: SipQuery) => readonly string[];
}

/** Answers of a list that are remembered, to be given again as the client gives them. */
const MAX_REPEATED = 500;

export function createVendorList(accounts: readonly string[]): VendorList {
  const repeated = new Map<string, readonly Phone[]>();

  /** The same array where the same rows come again: frozen, as the client hands it out. */
  function repeat(rows: readonly string[], query: SipQuery): readonly Phone[] {
    const key = JSON.stringify([query, list.accounts.length, rows]);
    const known = repeated.get(key);
    if (known !== undefined) return Object.freeze(known);
    if (repeated.size === MAX_REPEATED) repeated.clear();
    const phones = rows.map((account) => phoneOf(account, query.appId));
    repeated.set(key, phones);
    return phones;
  }

  const list: VendorList = {
    accounts: [...accounts],
    calls: [],
    beforeAnswer: () => undefined,
    distort: (page) => page,
    order: (rows) => rows,
    phonesOf: (accounts, appId) => accounts.map((account) => phoneOf(account, appId)),
    client: {
      async sipQuery(query, options) {
        list.calls.push(`${query.current}/${query.size}`);
        await list.beforeAnswer(query, options);
        const lo = (query.current - 1) * query.size;
        const rows = list.order(list.accounts, query).slice(lo, lo + query.size);
        const page: SipPage = {
          total: list.accounts.length,
          current: query.current,
          size: query.size,
          phones: repeat(rows, query),
          passwords: rows.map((account) => new Secret(passwordOf(account))),
        };
        return list.distort(page, query);
      },
    },
  };
  return list;
}

export function passwordOf(account: string): string {
  return `secret of ${account}`;
}

function phoneOf(account: string, appId: string): Phone {
  return { appId, account, phoneName: null, groupName: null, displayNum: null };
}

/** `row-0`, `row-1`, … */
export function accountsUpTo(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `row-${index}`);
}

export const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** A directory over a list, and a way to open requests on it whose deadline is far away. */
export function openDirectory(
  list: VendorList,
  options: Partial<PhoneDirectoryOptions> = {},
): { readonly directory: PhoneDirectory; open(): RequestPhones } {
  const keys = [new Uint8Array(32).fill(7)];
  const codec = createCursorCodec(keys);
  const valueCodec = createValueCursorCodec(keys);
  const directory = createPhoneDirectory({
    client: list.client,
    cursorCodec: () => codec,
    valueCursorCodec: () => valueCodec,
    keepMs: 0,
    log: SILENT,
    ...options,
  });
  const now = (options.clock ?? systemClock).monotonicNow;
  return {
    directory,
    open: () => directory.open({ deadlineAt: now() + 60_000, requester: createRequester() }),
  };
}
