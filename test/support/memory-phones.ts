import type { Phone } from '../../src/domain/phone.ts';
import { Secret } from '../../src/domain/secret.ts';
import { BadUserInputError } from '../../src/errors/argument-errors.ts';
import type {
  ConnectionArguments,
  PageCursor,
  Phones,
  PhoneWindow,
  WindowNeed,
} from '../../src/phones/phones.ts';

/** What was asked of the phones, in order. */
export type PhonesCall =
  | ['loadWindow', appId: string, args: ConnectionArguments, need: WindowNeed]
  | ['loadGroups', appId: string, first: number]
  | ['loadPhone', appId: string, account: string]
  | ['loadPassword', appId: string, account: string];

/**
 * Creates phones that live in a plain array, and the list of what is asked of them. A cursor is the position of its
 * phone; the password of `test_001` is `password of test_001`.
 */
export function createMemoryPhones(rows: readonly Phone[]): [phones: Phones, calls: PhonesCall[]] {
  const calls: PhonesCall[] = [];
  const rowsOf = (appId: string) => rows.filter((row) => row.appId === appId);

  const phones: Phones = {
    async loadWindow(appId, args, need) {
      calls.push(['loadWindow', appId, args, need]);
      if ((args.first ?? 0) < 0) throw new BadUserInputError('first', 'must not be negative');
      return readWindow(rowsOf(appId), args, need);
    },
    async loadGroups(appId, first) {
      calls.push(['loadGroups', appId, first]);
      return [{ name: 'sales', phoneCount: rowsOf(appId).length }].slice(0, first);
    },
    async loadPhone(appId, account) {
      calls.push(['loadPhone', appId, account]);
      return rowsOf(appId).find((row) => row.account === account) ?? null;
    },
    async loadPassword({ appId, account }) {
      calls.push(['loadPassword', appId, account]);
      return new Secret(`password of ${account}`);
    },
  };
  return [phones, calls];
}

/** Creates a phone with its vendor fields filled in. */
export function createPhone(appId: string, account: string): Phone {
  return { appId, account, phoneName: `name of ${account}`, groupName: 'sales', displayNum: '861000000' };
}

/** @see docs/pagination.md for the formulas. */
function readWindow(list: readonly Phone[], args: ConnectionArguments, need: WindowNeed): PhoneWindow {
  const low = args.after ? Number(args.after) + 1 : 0;
  const high = Math.max(low, args.before ? Number(args.before) : list.length);
  const first = args.first ?? (args.last == null ? 25 : null);
  const end = first === null ? high : Math.min(high, low + first);
  const start = args.last == null ? low : Math.max(low, end - args.last);

  const edges = list
    .slice(start, end)
    .map((node, index) => ({ cursor: String(start + index), node }))
    .filter(() => need === 'rows');
  return {
    totalCount: list.length,
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: end < list.length,
      hasPreviousPage: start > 0,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    asOf: null,
    pageCursors:
      first === 0 ? null : { first: null, around: [page(1)], last: null, previous: null, next: null },
  };
}

function page(pageNumber: number): PageCursor {
  return { pageNumber, cursor: '-1', isCurrent: true };
}
