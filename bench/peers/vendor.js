import { createHash } from 'node:crypto';

/*
 * What all peers have in common: how the vendor is called, and how its pages become a connection. Offsets for cursors, pages of
 * the size that the client asks for, no checks of what the vendor answers: no more than the queries need.
 */
const { UPSTREAM_URL = '', API_KEY = '', API_SECRET = '' } = process.env;

export const VENDOR_URL = UPSTREAM_URL;

let signedAt = '';
let signed = {};

/** The headers of a call, signed once a second. */
export function signHeaders() {
  const timestamp = String(Math.floor(Date.now() / 1000));
  if (timestamp === signedAt) return signed;
  const sign = createHash('md5')
    .update(API_KEY + API_SECRET + timestamp)
    .digest('hex');
  signedAt = timestamp;
  signed = {
    'Content-Type': 'application/json;charset=UTF-8',
    'Api-Key': API_KEY,
    Timestamp: timestamp,
    Sign: sign,
  };
  return signed;
}

/** Reads a window. `post` sends a body to the vendor and resolves with what came back, parsed. */
export async function readConnection(post, appId, { first, after, last, before }) {
  const end = before == null ? undefined : decodeCursor(before);
  const offset = end === undefined ? (after ? decodeCursor(after) + 1 : 0) : Math.max(0, end - (last ?? 25));
  const size = end === undefined ? (first ?? 25) : end - offset;
  const { total, records } = await readRows(post, appId, offset, size);
  const edges = records.map((record, index) => ({
    cursor: encodeCursor(offset + index),
    node: createPhone(appId, record),
  }));
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

/** One page where the window is one, else two. */
async function readRows(post, appId, offset, size) {
  const current = Math.floor(offset / size) + 1;
  const skipped = offset % size;
  if (skipped === 0) return readPage(post, appId, current, size);
  const [head, tail] = await Promise.all([
    readPage(post, appId, current, size),
    readPage(post, appId, current + 1, size),
  ]);
  return { total: head.total, records: [...head.records, ...tail.records].slice(skipped, skipped + size) };
}

async function readPage(post, appId, current, size) {
  const { status, data } = await post(JSON.stringify({ current, size, params: { appId } }));
  if (status !== '0') throw new Error('The vendor has refused.');
  return data;
}

/** What a router's reference stands for: the vendor has no lookup, so its list is read until the phone has come. */
export async function findPhone(post, { appId, account }) {
  for (let current = 1; ; current++) {
    const { records, pages } = await readPage(post, appId, current, 100);
    const record = records.find((candidate) => candidate.account === account);
    if (record !== undefined) return createPhone(appId, record);
    if (current >= pages) return null;
  }
}

function createPhone(appId, { account, phoneName, groupName, displayNum }) {
  return { __typename: 'SipPhone', appId, account, phoneName, groupName, displayNum };
}

export function encodePhoneId({ appId, account }) {
  return Buffer.from(`SipPhone:${appId}:${account}`).toString('base64');
}

function encodeCursor(offset) {
  return Buffer.from(`offset:${offset}`).toString('base64');
}

function decodeCursor(cursor) {
  return Number(Buffer.from(cursor, 'base64').toString().replace('offset:', ''));
}
