import { Agent, createServer } from 'node:http';
import SchemaBuilder from '@pothos/core';
import { GraphQLScalarType } from 'graphql';
import { createYoga } from 'graphql-yoga';
import fetch from 'node-fetch';
import { encodePhoneId, findPhone, readConnection, signHeaders, VENDOR_URL } from './vendor.js';

/*
 * The same graph by the libraries that the gateway is made of, as their documentation would have it: Pothos types, Yoga in
 * node:http, node-fetch with a keep-alive agent. No limits, no log, no plugin.
 */
const agent = new Agent({ keepAlive: true });

async function post(body) {
  const response = await fetch(`${VENDOR_URL}/sipQuery`, {
    method: 'POST',
    agent,
    headers: signHeaders(),
    body,
  });
  return response.json();
}

const builder = new SchemaBuilder({});

const SipPhone = builder.objectRef('SipPhone').implement({
  fields: (t) => ({
    id: t.id({ nullable: false, resolve: encodePhoneId }),
    account: t.exposeString('account', { nullable: false }),
    phoneName: t.exposeString('phoneName'),
    groupName: t.exposeString('groupName'),
    displayNum: t.exposeString('displayNum'),
  }),
});

const PageInfo = builder.objectRef('PageInfo').implement({
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { nullable: false }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', { nullable: false }),
    startCursor: t.exposeString('startCursor'),
    endCursor: t.exposeString('endCursor'),
  }),
});

const PhoneEdge = builder.objectRef('PhoneEdge').implement({
  fields: (t) => ({
    cursor: t.exposeString('cursor', { nullable: false }),
    node: t.expose('node', { type: SipPhone, nullable: false }),
  }),
});

const PhoneConnection = builder.objectRef('PhoneConnection').implement({
  fields: (t) => ({
    totalCount: t.exposeInt('totalCount', { nullable: false }),
    pageInfo: t.expose('pageInfo', { type: PageInfo, nullable: false }),
    edges: t.expose('edges', { type: [PhoneEdge], nullable: false }),
  }),
});

const App = builder.objectRef('App').implement({
  fields: (t) => ({
    phones: t.field({
      type: PhoneConnection,
      args: { first: t.arg.int(), after: t.arg.string(), last: t.arg.int(), before: t.arg.string() },
      resolve: ({ appId }, args) => readConnection(post, appId, args),
    }),
  }),
});

const Any = builder.addScalarType('_Any', new GraphQLScalarType({ name: '_Any' }));
const Entity = builder.unionType('_Entity', { types: [SipPhone], resolveType: () => 'SipPhone' });

builder.queryType({
  fields: (t) => ({
    app: t.field({
      type: App,
      nullable: true,
      args: { appId: t.arg.id({ required: true }) },
      resolve: (_root, { appId }) => ({ appId }),
    }),
    _entities: t.field({
      type: [Entity],
      nullable: { list: false, items: true },
      args: { representations: t.arg({ type: [Any], required: true }) },
      resolve: (_root, { representations }) =>
        representations.map((representation) => findPhone(post, representation)),
    }),
  }),
});

createServer(createYoga({ schema: builder.toSchema() })).listen(Number(process.env.PORT), '127.0.0.1');
