import type { Siege } from './lay-siege.ts';

/** Clients that do not behave: what they do, and how. */
export type Attack = readonly [name: string, lay: (siege: Siege) => Promise<unknown>];

const HEAD = 'HTTP/1.1\r\nHost: localhost\r\n';

function postOf(query: string): string {
  const body = JSON.stringify({ query });
  return `POST /graphql ${HEAD}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** Answered with 1.3 MB. */
const LARGE = postOf(
  `{ app(appId: "Large10k") { phones(first: 100) { nodes { app { phones(first: 97) { nodes {
    id account phoneName groupName displayNum } } } } } } }`,
);
const page = (encoding: string) =>
  `GET /graphql ${HEAD}Accept: text/html\r\nAccept-Encoding: ${encoding}\r\n\r\n`;

/** Clients that ask and do not read. */
const UNREAD: readonly Attack[] = [
  ['60 pages of GraphiQL', (siege) => siege.open(60, page('identity'))],
  [
    'GraphiQL in every encoding',
    (siege) => Promise.all(['br', 'gzip', 'identity'].map((encoding) => siege.open(40, page(encoding)))),
  ],
  ['200 answers of 1.3 MB on one connection', (siege) => siege.open(1, LARGE.repeat(200))],
  ['3 answers of 1.3 MB on each of 10 connections', (siege) => siege.open(10, LARGE.repeat(3))],
  ['pipelined answers of /live', (siege) => siege.open(60, `GET /live ${HEAD}\r\n`.repeat(5_000))],
  [
    'refusals of HEAD, OPTIONS and GET',
    (siege) =>
      siege.open(
        60,
        ['HEAD /graphql', 'OPTIONS /graphql', 'GET /nowhere', 'OPTIONS *']
          .map((line) => `${line} ${HEAD}\r\n`)
          .join('')
          .repeat(1_000),
      ),
  ],
  [
    '304s',
    (siege) =>
      siege.open(60, `GET /graphql ${HEAD}Accept: text/html\r\nIf-None-Match: *\r\n\r\n`.repeat(2_000)),
  ],
];

/** Clients that do not finish what they send. */
const UNFINISHED: readonly Attack[] = [
  ['4,500 connections that send nothing', (siege) => siege.open(4_500, '')],
  [
    '200 chunked bodies behind an answer that nobody reads',
    (siege) =>
      siege.open(
        200,
        `${page('identity')}POST /graphql ${HEAD}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(9_000)}`,
      ),
  ],
  [
    '3,500 headers of 15 KB without an end',
    (siege) => siege.open(3_500, `GET /live ${HEAD}X: ${'x'.repeat(15_000)}`),
  ],
  [
    '3,500 bodies of 60 KB without an end',
    (siege) =>
      siege.open(
        3_500,
        `POST /graphql ${HEAD}Content-Type: application/json\r\nContent-Length: 64000\r\n\r\n"${'x'.repeat(60_000)}`,
      ),
  ],
  [
    '200 bodies of 9,000 chunks of a byte',
    (siege) =>
      siege.open(
        200,
        `POST /graphql ${HEAD}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(9_000)}`,
      ),
  ],
];

/** All of them. */
export const ATTACKS: readonly Attack[] = [
  ...UNREAD.map(([name, lay]): Attack => [`clients that do not read ${name}`, lay]),
  ...UNFINISHED,
];
