import DataLoader from 'dataloader';
import type { Log } from '../domain/log.ts';
import type { Phone } from '../domain/phone.ts';
import type { RequestBounds } from '../domain/requester.ts';
import type { Secret } from '../domain/secret.ts';
import type { ItnioClient, SipPage } from '../itnio/sip-page.ts';
import type { CursorCodec } from '../paging/cursor.ts';
import { parseWindow } from '../paging/window.ts';
import { createAnomalies } from './anomalies.ts';
import { createAppMemories } from './app-memory.ts';
import { createLargestPageSize } from './largest-page-size.ts';
import { createListReader, type ListReader } from './list-reader.ts';
import { loadAccounts } from './load-accounts.ts';
import { loadPasswords } from './load-passwords.ts';
import { loadWindow } from './load-window.ts';
import { createPageSource } from './page-source.ts';
import { createPasswordsRead } from './passwords-read.ts';
import { createBareWindow, createPhoneWindow } from './phone-window.ts';
import type { PhoneDirectory, RequestPhones } from './phones.ts';
import { RequestCost } from './request-cost.ts';
import { createRowCache } from './row-cache.ts';
import { createSemaphore, type Semaphore } from './semaphore.ts';
import { createSingleFlight } from './single-flight.ts';

export interface PhoneDirectoryOptions {
  readonly client: Pick<ItnioClient, 'sipQuery'>;
  /** What reads and writes the cursors of a request that opens now. */
  readonly cursorCodec: () => CursorCodec;
  /** How long rows may be kept, in milliseconds. 0 keeps none. */
  readonly keepMs: number;
  readonly log: Log;
  /** Milliseconds on the clock of the requests' deadlines. Defaults to `performance.now()`. */
  readonly now?: () => number;
  /** Vendor calls that one request may make. Defaults to 120: a complete reading of 10,000 phones takes 114. */
  readonly callBudget?: number;
  /** Vendor calls that one request may have under way at a time. Defaults to 8. */
  readonly parallelCalls?: number;
  /** Longest time that a call may take whoever waits for it, in milliseconds. Defaults to 8000, as long as a request. */
  readonly callTimeoutMs?: () => number;
}

export function createPhoneDirectory(options: PhoneDirectoryOptions): PhoneDirectory {
  const { client, cursorCodec, keepMs, log, now = () => performance.now() } = options;
  const { callBudget = 120, parallelCalls = 8, callTimeoutMs = () => 8000 } = options;
  const store = createRowCache({ keepMs, now });
  const memory = createAppMemories();
  const anomalies = createAnomalies(log, now);
  const largestPageSize = createLargestPageSize(now);
  const singleFlight = createSingleFlight<SipPage>(now);
  const pages = createPageSource({
    client,
    singleFlight,
    largestPageSize,
    anomalies,
    log,
    now,
    callTimeoutMs,
  });

  function openList(
    appId: string,
    request: {
      bounds: RequestBounds;
      openedAt: number;
      cost: RequestCost;
      semaphore: Semaphore;
      codec: CursorCodec;
    },
  ) {
    const reader = createListReader({
      // Not spread: an object with so many properties would become a slow one, for each request.
      bounds: request.bounds,
      openedAt: request.openedAt,
      cost: request.cost,
      semaphore: request.semaphore,
      appId,
      pages,
      store,
      memory: memory.forApp(appId),
      passwords: createPasswordsRead(),
      anomalies,
      largestPageSize,
      callBudget,
      readsAhead: keepMs > 0,
    });
    // Most requests ask for windows alone.
    let phones: DataLoader<string, Phone | null> | undefined;
    let passwords: DataLoader<string, Secret | null> | undefined;
    return {
      reader,
      cursors: request.codec.forApp(appId),
      loadPhone(account: string) {
        phones ??= createPhoneLoader(reader);
        return phones.load(account);
      },
      loadPassword(account: string) {
        passwords ??= new DataLoader((accounts) => loadPasswords(reader, accounts));
        return passwords.load(account);
      },
    };
  }

  return {
    findTotal: (appId) => memory.forApp(appId).getTotal(),
    open(bounds): RequestPhones {
      const cost = new RequestCost();
      const request = {
        bounds,
        openedAt: now(),
        cost,
        semaphore: createSemaphore(parallelCalls),
        codec: cursorCodec(),
      };
      const lists = new Map<string, ReturnType<typeof openList>>();
      const listOf = (appId: string) => {
        const opened = lists.get(appId) ?? openList(appId, request);
        lists.set(appId, opened);
        return opened;
      };

      return {
        cost,
        async loadWindow(appId, args, need) {
          const { reader, cursors } = listOf(appId);
          const window = parseWindow(args, cursors);
          if (need === 'nothing') return createBareWindow(0);
          if (need === 'count') return createBareWindow(await reader.count(1));
          const loaded = await loadWindow(reader, window);
          const { lo, hi } = loaded.span;
          cost.rowsUsed += hi - lo;
          cost.rowsKept += reader.inHand.countKept(lo, hi);
          return createPhoneWindow(loaded, window.size, cursors);
        },
        loadPhone: (appId, account) => listOf(appId).loadPhone(account),
        loadPassword: ({ appId, account }) => listOf(appId).loadPassword(account),
      };
    },
  };
}

function createPhoneLoader(reader: ListReader): DataLoader<string, Phone | null> {
  return new DataLoader(async (accounts) => {
    const found = await loadAccounts(reader, accounts);
    for (const phone of found.values()) if (!(phone instanceof Error)) reader.cost.rowsUsed++;
    return accounts.map((account) => found.get(account) ?? null);
  });
}
