import { createHash } from 'node:crypto';
import { Agent, createServer } from 'node:http';
import SchemaBuilder from '@pothos/core';
import { createYoga } from 'graphql-yoga';
import fetch from 'node-fetch';

/*
 * The same graph as its libraries' documentation would have it: Pothos types, Yoga in node:http, node-fetch with a
 * keep-alive agent, offsets for cursors, pages of the size that the client asks for. No more is done than the query needs:
 * no limits, no log, no checks of what the vendor answers, and no plugin, Pothos' relay plugin included, to slow it down.
 */
const { PORT, UPSTREAM_URL = '', API_KEY = '', API_SECRET = '' } = process.env;
const agent = new Agent({ keepAlive: true, maxSockets: 20 });

interface Phone {
  readonly appId: string;
  readonly account: string;
  readonly phoneName: string | null;
  readonly groupName: string | null;
  readonly displayNum: string | null;
}

interface Page {
  readonly total: number;
  readonly records: readonly Omit<Phone, 'appId'>[];
}

interface Edge {
  readonly cursor: string;
  readonly node: Phone;
}

async function fetchPage(appId: string, current: number, size: number): Promise<Page> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const response = await fetch(`${UPSTREAM_URL}/sipQuery`, {
    method: 'POST',
    agent,
    headers: {
      'Content-Type': 'application/json;charset=UTF-8',
      'Api-Key': API_KEY,
      Timestamp: timestamp,
      Sign: createHash('md5')
        .update(API_KEY + API_SECRET + timestamp)
        .digest('hex'),
    },
    body: JSON.stringify({ current, size, params: { appId } }),
  });
  const { status, data } = (await response.json()) as { status: string; data: Page };
  if (status !== '0') throw new Error('The vendor has refused.');
  return data;
}

async function fetchConnection(appId: string, offset: number, size: number) {
  const current = Math.floor(offset / size) + 1;
  const isOnePage = offset % size === 0;
  const pages = await Promise.all([
    fetchPage(appId, current, size),
    ...(isOnePage ? [] : [fetchPage(appId, current + 1, size)]),
  ]);
  const skipped = offset % size;
  const records = pages.flatMap((page) => page.records).slice(skipped, skipped + size);
  const total = pages[0]?.total ?? 0;
  const edges = records.map(
    (record, index): Edge => ({ cursor: encodeCursor(offset + index), node: { ...record, appId } }),
  );
  return {
    totalCount: total,
    edges,
    pageInfo: {
      hasNextPage: offset + edges.length < total,
      hasPreviousPage: offset > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

type Connection = Awaited<ReturnType<typeof fetchConnection>>;

function encodeCursor(offset: number): string {
  return Buffer.from(`offset:${offset}`).toString('base64');
}

function decodeCursor(cursor: string): number {
  return Number(Buffer.from(cursor, 'base64').toString().replace('offset:', ''));
}

const builder = new SchemaBuilder<{ Scalars: { ID: { Input: string; Output: string } } }>({});

const SipPhone = builder.objectRef<Phone>('SipPhone').implement({
  fields: (t) => ({
    id: t.id({
      nullable: false,
      resolve: ({ appId, account }) => Buffer.from(`SipPhone:${appId}:${account}`).toString('base64'),
    }),
    account: t.exposeString('account', { nullable: false }),
    phoneName: t.exposeString('phoneName'),
    groupName: t.exposeString('groupName'),
    displayNum: t.exposeString('displayNum'),
  }),
});

const PageInfo = builder.objectRef<Connection['pageInfo']>('PageInfo').implement({
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { nullable: false }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', { nullable: false }),
    startCursor: t.exposeString('startCursor'),
    endCursor: t.exposeString('endCursor'),
  }),
});

const PhoneEdge = builder.objectRef<Edge>('PhoneEdge').implement({
  fields: (t) => ({
    cursor: t.exposeString('cursor', { nullable: false }),
    node: t.expose('node', { type: SipPhone, nullable: false }),
  }),
});

const PhoneConnection = builder.objectRef<Connection>('PhoneConnection').implement({
  fields: (t) => ({
    totalCount: t.exposeInt('totalCount', { nullable: false }),
    pageInfo: t.expose('pageInfo', { type: PageInfo, nullable: false }),
    edges: t.expose('edges', { type: [PhoneEdge], nullable: false }),
  }),
});

const App = builder.objectRef<{ readonly appId: string }>('App').implement({
  fields: (t) => ({
    phones: t.field({
      type: PhoneConnection,
      args: { first: t.arg.int(), after: t.arg.string() },
      resolve: ({ appId }, { first, after }) =>
        fetchConnection(appId, after ? decodeCursor(after) + 1 : 0, first ?? 25),
    }),
  }),
});

builder.queryType({
  fields: (t) => ({
    app: t.field({
      type: App,
      args: { appId: t.arg.id({ required: true }) },
      resolve: (_root, { appId }) => ({ appId }),
    }),
  }),
});

createServer(createYoga({ schema: builder.toSchema() })).listen(Number(PORT), '127.0.0.1');
