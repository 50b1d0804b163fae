import type { SipRecord, SipRecordFactory } from './sip-record.ts';

/** Which phones leave: those of the accounts named, or `count` (default 1) from an index on. */
export type Departure =
  | { readonly accounts: readonly string[] }
  | { readonly index: number; readonly count?: number };

/** What of a phone can be changed. */
export type SipRecordChanges = Partial<Omit<SipRecord, 'account'>>;

/** The phones of one app in the vendor's order. */
export interface SipList {
  /** All rows; not a copy. */
  readonly rows: readonly SipRecord[];
  /** Puts phones in at an index (default 0): new ones if only their number is given. Returns what was put in. */
  insert(phones: number | readonly SipRecord[], index?: number): readonly SipRecord[];
  /** Takes phones out and returns them. One that is not there is passed over. */
  remove(departure: Departure): readonly SipRecord[];
  /**
   * Changes phones in place, or takes them to the top, and returns them as they are now. One that is not there is passed
   * over.
   */
  edit(which: Departure, changes: SipRecordChanges, toTop: boolean): readonly SipRecord[];
  /** Puts the list back to what it was at first. */
  reset(): void;
}

/** Makes a list of `initial` phones, or of the ones given. Phones are made at the first look, so that a long list costs nothing to start. */
export function createSipList(
  initial: number | readonly SipRecord[],
  createRecord: SipRecordFactory,
): SipList {
  let rows: SipRecord[] | undefined;
  let serial = 0;

  function createRecords(count: number): SipRecord[] {
    return Array.from({ length: count }, () => createRecord(++serial));
  }

  function getRows(): SipRecord[] {
    rows ??= typeof initial === 'number' ? createRecords(initial) : [...initial];
    return rows;
  }

  return {
    get rows() {
      return getRows();
    },
    insert(phones, index = 0) {
      const current = getRows();
      const added = typeof phones === 'number' ? createRecords(phones) : phones;
      rows = [...current.slice(0, index), ...added, ...current.slice(index)];
      return added;
    },
    remove(departure) {
      const current = getRows();
      const leaves = createDepartureTest(departure);
      rows = current.filter((record, index) => !leaves(record, index));
      return current.filter(leaves);
    },
    edit(which, changes, toTop) {
      const current = getRows();
      const isMeant = createDepartureTest(which);
      const edited = current.filter(isMeant).map((record) => ({ ...record, ...changes }));
      const byAccount = new Map(edited.map((record) => [record.account, record]));
      rows = toTop
        ? [...edited, ...current.filter(({ account }) => !byAccount.has(account))]
        : current.map((record) => byAccount.get(record.account) ?? record);
      return edited;
    },
    reset() {
      rows = undefined;
      serial = 0;
    },
  };
}

function createDepartureTest(departure: Departure): (record: SipRecord, index: number) => boolean {
  if ('accounts' in departure) {
    const accounts = new Set(departure.accounts);
    return (record) => accounts.has(record.account);
  }
  const { index: start, count = 1 } = departure;
  return (_, index) => index >= start && index < start + count;
}
