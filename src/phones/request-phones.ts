import DataLoader from 'dataloader';
import type { ListedAccounts } from '../census/listed-accounts.ts';
import type { Clock } from '../domain/clock.ts';
import type { Phone } from '../domain/phone.ts';
import type { RequestBounds } from '../domain/requester.ts';
import type { Secret } from '../domain/secret.ts';
import { ListTooLongError } from '../errors/request-errors.ts';
import { UpstreamInconsistentError } from '../errors/upstream-errors.ts';
import type { AppMemories } from '../lists/app-memory.ts';
import type { LargestPageSize } from '../lists/largest-page-size.ts';
import type { PageSource } from '../lists/page-source.ts';
import type { RowCache } from '../lists/row-cache.ts';
import type { AppCursors, CursorCodec } from '../paging/cursor.ts';
import {
  type CursorCodecs,
  DEFAULT_ORDER,
  type OrderedWindow,
  type PhoneListArguments,
  parseOrderedWindow,
} from '../paging/ordered-window.ts';
import type { PhoneGroup } from '../paging/phone-listing.ts';
import { parseWindow } from '../paging/window.ts';
import type { CallBudget } from './call-budget.ts';
import { createListReader, type ListReader } from './list-reader.ts';
import { loadAccounts, loadPasswords } from './load-accounts.ts';
import { type LoadedWindow, loadWindow } from './load-window.ts';
import type { OrderedPhones } from './ordered-phones.ts';
import { createBareWindow, createPhoneWindow, type PhoneEdges } from './phone-window.ts';
import type { PhoneWindow, RequestPhones, WindowNeed } from './phones.ts';
import { RequestCost } from './request-cost.ts';

/** Calls of the longest list that is read whole because its own order is not stable. */
const MAX_REORDERED_CALLS = 8;

/** What the requests of one directory share. */
export interface SharedPhones {
  readonly pages: PageSource;
  readonly cache: RowCache;
  readonly memories: AppMemories;
  /** Undefined where nothing may be remembered of whole lists. */
  readonly listedAccounts: ListedAccounts | undefined;
  readonly largestPageSize: LargestPageSize;
  readonly edges: PhoneEdges;
  readonly ordered: OrderedPhones;
  readonly codecs: CursorCodecs;
  readonly clock: Pick<Clock, 'monotonicNow'>;
  /** Whether pages may be larger than needed; false where rows are not kept. */
  readonly readsAhead: boolean;
  readonly listMaxCalls: () => number;
}

/** The phones as one request sees them. Says what each question takes: a window, the whole list, or a search by account. */
export class PhonesOfRequest implements RequestPhones {
  readonly cost = new RequestCost();
  readonly #shared: SharedPhones;
  readonly #bounds: RequestBounds;
  readonly #budget: CallBudget;
  readonly #openedAt: number;
  /** By the keys of now: a request sees no change of them. */
  readonly #codec: CursorCodec;
  readonly #apps = new Map<string, PhonesOfApp>();

  constructor(shared: SharedPhones, bounds: RequestBounds, budget: CallBudget) {
    this.#shared = shared;
    this.#bounds = bounds;
    this.#budget = budget;
    this.#openedAt = shared.clock.monotonicNow();
    this.#codec = shared.codecs.cursorCodec();
  }

  loadWindow(appId: string, args: PhoneListArguments, need: WindowNeed): PhoneWindow | Promise<PhoneWindow> {
    try {
      const asked = parseOrderedWindow(appId, args, this.#shared.codecs);
      if (asked !== undefined)
        return need === 'nothing' ? createBareWindow(0) : this.#loadOrdered(appId, asked);
      const reordered = need === 'rows' ? this.#findReordered(appId, args) : undefined;
      if (reordered === undefined) return this.#loadInVendorOrder(appId, args, need);
      return this.#loadOrdered(appId, reordered).catch((error: unknown) => {
        const isUnproved = error instanceof UpstreamInconsistentError || error instanceof ListTooLongError;
        if (isUnproved) return this.#loadInVendorOrder(appId, args, need);
        throw error;
      });
    } catch (error) {
      // A failure is always a rejection: callers need no try beside their catch.
      return Promise.reject(error);
    }
  }

  loadGroups(appId: string, first: number): Promise<readonly PhoneGroup[]> {
    return this.#shared.ordered.loadGroups(appId, first, this.#bounds, this.cost);
  }

  loadPhone(appId: string, account: string): Promise<Phone | null> {
    return this.#appOf(appId).loadPhone(account);
  }

  loadPassword({ appId, account }: Phone): Promise<Secret | null> {
    return this.#appOf(appId).loadPassword(account);
  }

  #loadInVendorOrder(
    appId: string,
    args: PhoneListArguments,
    need: WindowNeed,
  ): PhoneWindow | Promise<PhoneWindow> {
    const app = this.#appOf(appId);
    const window = parseWindow(args, app.cursors);
    if (need === 'nothing') return createBareWindow(0);
    if (need === 'count') return countPhones(app.reader);
    const loaded = loadWindow(app.reader, window);
    return loaded instanceof Promise
      ? loaded.then((late) => this.#present(app, late, window.size))
      : this.#present(app, loaded, window.size);
  }

  #present({ reader, cursors }: PhonesOfApp, loaded: LoadedWindow, size: number): PhoneWindow {
    const { lo, hi } = loaded.span;
    this.cost.rowsUsed += hi - lo;
    this.cost.rowsKept += reader.rows.countKept(lo, hi);
    return createPhoneWindow(loaded, size, cursors, this.#shared.edges);
  }

  async #loadOrdered(appId: string, asked: OrderedWindow): Promise<PhoneWindow> {
    const window = await this.#shared.ordered.loadWindow(appId, asked, this.#bounds, this.cost);
    this.cost.rowsUsed += window.nodes.length;
    return window;
  }

  /** A short list without an order is read whole, and goes by account from its first page on; undefined for any other. */
  #findReordered(appId: string, args: PhoneListArguments): OrderedWindow | undefined {
    const { memories, listMaxCalls, largestPageSize, codecs } = this.#shared;
    const memory = memories.forApp(appId);
    if (args.after || args.before || !memory.isDisordered()) return undefined;
    const total = memory.getTotal() ?? Number.POSITIVE_INFINITY;
    const maxCalls = Math.min(MAX_REORDERED_CALLS, listMaxCalls());
    return largestPageSize.getWholePlan().count(total, maxCalls) > maxCalls
      ? undefined
      : parseOrderedWindow(appId, { ...args, orderBy: DEFAULT_ORDER }, codecs);
  }

  #appOf(appId: string): PhonesOfApp {
    const opened = this.#apps.get(appId);
    if (opened !== undefined) return opened;
    const { pages, cache, memories, listedAccounts, largestPageSize, clock, readsAhead } = this.#shared;
    const reader = createListReader({
      appId,
      bounds: this.#bounds,
      openedAt: this.#openedAt,
      budget: this.#budget,
      cost: this.cost,
      memory: memories.forApp(appId),
      listed: listedAccounts?.forApp(appId),
      // Written out: an object that is spread would become a slow one, for each request.
      pages,
      cache,
      largestPageSize,
      clock,
      readsAhead,
    });
    const app = new PhonesOfApp(reader, this.#codec.forApp(appId));
    this.#apps.set(appId, app);
    return app;
  }
}

/** The phones of one app. Most requests ask for windows alone, and need no loader. */
class PhonesOfApp {
  readonly reader: ListReader;
  readonly cursors: AppCursors;
  #phones: DataLoader<string, Phone | null> | undefined;
  #passwords: DataLoader<string, Secret | null> | undefined;

  constructor(reader: ListReader, cursors: AppCursors) {
    this.reader = reader;
    this.cursors = cursors;
  }

  loadPhone(account: string): Promise<Phone | null> {
    this.#phones ??= createPhoneLoader(this.reader);
    return this.#phones.load(account);
  }

  loadPassword(account: string): Promise<Secret | null> {
    this.#passwords ??= new DataLoader((accounts) => loadPasswords(this.reader, accounts));
    return this.#passwords.load(account);
  }
}

function createPhoneLoader(reader: ListReader): DataLoader<string, Phone | null> {
  return new DataLoader(async (accounts) => {
    const found = await loadAccounts(reader, accounts);
    for (const phone of found.values()) if (!(phone instanceof Error)) reader.list.cost.rowsUsed++;
    return accounts.map((account) => found.get(account) ?? null);
  });
}

function countPhones({ rows, count }: ListReader): PhoneWindow | Promise<PhoneWindow> {
  const total = rows.getTotal();
  return total === undefined ? count(1).then(createBareWindow) : createBareWindow(total);
}
