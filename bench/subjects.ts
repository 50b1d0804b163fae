import { deepStrictEqual } from 'node:assert';
import { APP_IDS, CHANGING_APP_IDS, type Fleet, SLOW_APP_IDS } from './fleet.ts';
import {
  createEntitiesRequest,
  createPageRequest,
  createVendorRequest,
  createWindowsRequest,
  createWrongRequest,
  fetchCursors,
  fetchPhones,
} from './operation.ts';
import type { ServerProcess } from './server-process.ts';
import { createSubject, type Subject } from './subject.ts';

const APP_ID = 'bench-0';

/** How many requests of a kind there are, sent in turn. */
const REQUESTS = 160;

/** What is measured, in the order of the table. */
export const TASKS = {
  page20: 'page of 20',
  page100: 'page of 100',
  after100: '100 after a cursor',
  backwards: '20 backwards',
  again: 'same again',
  windows: 'ten windows of one app',
  entities: '100 entities',
  wrong: 'an error',
  slow: 'page of 20, vendor 20 ms away',
  changing20: 'page of 20, changed each time',
  changing100: 'page of 100, changed each time',
} as const;

export type Task = keyof typeof TASKS;

/** What an answer of the gateway is called in the table, by how it comes about. */
export const GATEWAY = 'gateway';
export const UNDICI_GATEWAY = 'gateway, undici';
export const KEEPING_GATEWAY = 'gateway, rows kept';

/** Tasks that ask for rows which a gateway with its defaults still has, beside "same again". */
const REPEATING_TASKS: ReadonlySet<Task> = new Set(['windows', 'entities']);

/** Makes the requests of a task for one server. Its cursors are its own. */
async function createRequests(task: Task, { origin }: ServerProcess): Promise<readonly Buffer[]> {
  const cursors = (size: number, row: 'first' | 'last' = 'last', pages = 99) =>
    fetchCursors(origin, APP_ID, { size, pages, row });
  switch (task) {
    case 'page20':
      return (await cursors(20, 'last', REQUESTS)).map((after) =>
        createPageRequest({ appId: APP_ID, first: 20, after }),
      );
    case 'page100':
      return APP_IDS.map((appId) => createPageRequest({ appId, first: 100 }));
    case 'after100':
      return (await cursors(100)).map((after) => createPageRequest({ appId: APP_ID, first: 100, after }));
    case 'backwards':
      return (await cursors(20, 'first', REQUESTS)).map((before) =>
        createPageRequest({ appId: APP_ID, last: 20, before }),
      );
    case 'again':
      return (await cursors(20, 'last', 1)).map((after) =>
        createPageRequest({ appId: APP_ID, first: 20, after }),
      );
    case 'windows': {
      const afters = await cursors(20, 'last', REQUESTS);
      return Array.from({ length: REQUESTS / 10 }, (_, index) =>
        createWindowsRequest(APP_ID, afters.slice(index * 10, index * 10 + 10)),
      );
    }
    case 'entities': {
      const { edges } = await fetchPhones(origin, { appId: APP_ID, first: 100 });
      const accounts = edges.map(({ node }) => node.account);
      return APP_IDS.map((appId) => createEntitiesRequest(appId, accounts));
    }
    case 'wrong':
      return [createWrongRequest(APP_ID)];
    case 'slow':
      return SLOW_APP_IDS.map((appId) => createPageRequest({ appId, first: 20 }));
    case 'changing20':
      return CHANGING_APP_IDS.map((appId) => createPageRequest({ appId, first: 20 }));
    case 'changing100':
      return CHANGING_APP_IDS.map((appId) => createPageRequest({ appId, first: 100 }));
  }
}

/** The vendor's call for what a task asks, where that is one. */
function createVendorRequests(task: Task): readonly Buffer[] {
  const pages = (size: number) =>
    Array.from({ length: 99 }, (_, index) => createVendorRequest(APP_ID, index + 2, size));
  if (task === 'page20') return pages(20);
  if (task === 'page100') return pages(100);
  return task === 'again' ? pages(20).slice(0, 1) : [];
}

/** Clients at a time: fewer than the connections that any of the servers opens to its upstream, and few for what takes long. */
function countClients(task: Task): number {
  return task === 'windows' || task === 'entities' ? 4 : 16;
}

/** Everything that is measured. */
export async function createSubjects(fleet: Fleet, tasks: readonly Task[]): Promise<readonly Subject[]> {
  const subjects: Subject[] = [];
  for (const task of tasks) {
    const add = async (peer: string, server: ServerProcess) => {
      const isProxy = peer === 'signing-proxy';
      const requests = isProxy ? createVendorRequests(task) : await createRequests(task, server);
      if (requests.length === 0) return;
      const isWrong = task === 'wrong';
      subjects.push(
        createSubject({ task: TASKS[task], peer, server, isWrong, clients: countClients(task) }, requests),
      );
    };
    for (const [peer, server] of fleet.peers) await add(peer, server);
    if (task === 'again') await add(KEEPING_GATEWAY, fleet.keepingGateway);
    else await add(GATEWAY, fleet.gateway);
    if (task !== 'again' && task !== 'wrong' && fleet.undiciGateway !== undefined)
      await add(UNDICI_GATEWAY, fleet.undiciGateway);
    if (REPEATING_TASKS.has(task)) await add(KEEPING_GATEWAY, fleet.defaultGateway);
  }
  return subjects;
}

/** @throws {AssertionError} unless all ways to a page, whatever their cursors, give the same rows. */
export async function assertSameAnswers({
  peers,
  gateway,
  undiciGateway,
  defaultGateway,
  keepingGateway,
}: Fleet): Promise<void> {
  const read = async ({ origin }: ServerProcess) => {
    const head = await fetchPhones(origin, { appId: APP_ID, first: 100 });
    const next = await fetchPhones(origin, { appId: APP_ID, first: 20, after: head.edges.at(-1)?.cursor });
    const back = await fetchPhones(origin, { appId: APP_ID, last: 20, before: next.edges[0]?.cursor });
    return [head, next, back].map(({ totalCount, pageInfo: { hasNextPage, hasPreviousPage }, edges }) => ({
      totalCount,
      hasNextPage,
      hasPreviousPage,
      nodes: edges.map(({ node: { account, phoneName, groupName, displayNum } }) => ({
        account,
        phoneName,
        groupName,
        displayNum,
      })),
    }));
  };
  const expected = await read(gateway);
  for (const server of [undiciGateway, defaultGateway, keepingGateway])
    if (server !== undefined) deepStrictEqual(await read(server), expected);
  for (const [name, server] of peers)
    if (name !== 'signing-proxy') deepStrictEqual(await read(server), expected);
}
