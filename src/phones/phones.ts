import type { Cost } from '../domain/cost.ts';
import type { Phone } from '../domain/phone.ts';
import type { RequestBounds } from '../domain/requester.ts';
import type { Secret } from '../domain/secret.ts';
import type { PhoneListArguments } from '../paging/ordered-window.ts';
import type { PageCursor, PageCursors } from '../paging/page-cursors.ts';
import type { PhoneGroup } from '../paging/phone-listing.ts';
import type { ConnectionArguments } from '../paging/window.ts';

export type { ConnectionArguments, PageCursor, PageCursors, PhoneGroup, PhoneListArguments };

/** What a selection needs of a connection: its rows, only the count of the list, or nothing that the vendor knows. */
export type WindowNeed = 'rows' | 'count' | 'nothing';

export interface PhoneEdge {
  readonly cursor: string;
  readonly node: Phone;
}

export interface WindowPageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** A window of an app's phones. Its getters cost no vendor call; cursors are made when they are read. */
export interface PhoneWindow {
  readonly totalCount: number;
  /** Empty unless the need was 'rows'. */
  readonly edges: readonly PhoneEdge[];
  /** The same rows, bare. */
  readonly nodes: readonly Phone[];
  readonly pageInfo: WindowPageInfo;
  /** Null for a page size of 0. */
  readonly pageCursors: PageCursors | null;
  /** When the oldest row of a whole list was asked for, as ISO 8601; null in the vendor's order. */
  readonly asOf: string | null;
}

/** The phones that one request sees. All that is asked in one tick becomes one plan per app. */
export interface Phones {
  /**
   * Reads a window. Arguments are validated whatever the need.
   * Where it takes no call the answer is no promise; a failure always is one.
   * @throws {GatewayError} BAD_USER_INPUT, a cursor error, or what the vendor's answers made of it.
   */
  loadWindow(appId: string, args: PhoneListArguments, need: WindowNeed): PhoneWindow | Promise<PhoneWindow>;
  /**
   * Counts the phones of each group, by name, the phones in none last.
   * @param first how many groups at most, 0 to 1,000.
   */
  loadGroups(appId: string, first: number): Promise<readonly PhoneGroup[]>;
  /** Finds one phone; null only when a complete read has shown that there is none. The account must be well-formed. */
  loadPhone(appId: string, account: string): Promise<Phone | null>;
  /** The phone's SIP password; null when the vendor sent none, or the phone is gone. Checks no scope. */
  loadPassword(phone: Phone): Promise<Secret | null>;
}

export interface RequestPhones extends Phones {
  readonly cost: Cost;
}

/** All phones behind one vendor account; kept rows, calls in flight and last known positions are shared by the requests it opens. */
export interface PhoneDirectory {
  open(bounds: RequestBounds): RequestPhones;
  /** How many phones an app had when it was last read; undefined when that is not known. */
  findTotal(appId: string): number | undefined;
}
