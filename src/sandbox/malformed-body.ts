import { gzipSync } from 'node:zlib';
import type { Envelope } from './answer.ts';
import type { MalformedBody } from './failure.ts';
import type { SipPage } from './sip-page.ts';
import { SAMPLE_RECORD, type SipRecord } from './sip-record.ts';

/** A page that has at least one row, so that a row can be spoiled. */
interface SpoiltPage {
  readonly total: number;
  readonly size: number;
  readonly current: number;
  readonly pages: number;
  readonly first: SipRecord;
  readonly rest: readonly SipRecord[];
}

/** Over the 5 MB that a careful client reads of one answer. */
const TOO_LARGE_BYTES = 6 * 1024 * 1024;

/** Bodies that are no answer at all. */
const BODIES: Partial<Record<MalformedBody, string>> = {
  html: '<!DOCTYPE html><html><head><title>Maintenance</title></head><body>Be right back.</body></html>',
  empty: '',
  null: 'null',
  list: '[]',
};

/** The `data` of answers that are JSON, but not what was promised. */
const DATA: Partial<Record<MalformedBody, (page: SpoiltPage) => unknown>> = {
  dataMissing: () => undefined,
  dataNotObject: () => 'none',
  totalMissing: (page) => ({ ...writeData(page), total: undefined }),
  totalNotNumber: (page) => ({ ...writeData(page), total: 'many' }),
  recordsNull: (page) => writeData(page, null),
  recordsNotList: (page) => writeData(page, {}),
  recordNotObject: (page) => writeData(page, ['sip', ...page.rest]),
  recordWithoutAccount: (page) => writeData(page, [{ ...page.first, account: undefined }, ...page.rest]),
  accountEmpty: (page) => writeData(page, [{ ...page.first, account: '' }, ...page.rest]),
  accountNotText: (page) => writeData(page, [{ ...page.first, account: 1001 }, ...page.rest]),
  passwordMissing: (page) => writeData(page, [{ ...page.first, password: undefined }, ...page.rest]),
  passwordNull: (page) => writeData(page, [{ ...page.first, password: null }, ...page.rest]),
  accountTwice: (page) =>
    writeData({ ...page, total: Math.max(2, page.total) }, [page.first, page.first, ...page.rest.slice(1)]),
  tooManyRecords: (page) => writeData(page, [page.first, ...page.rest, ...createUnasked(page.size)]),
  otherPage: (page) => ({ ...writeData(page), current: page.current + 1 }),
  invalidUtf8: (page) => writeData(page, [{ ...page.first, groupName: '\u00ff' }, ...page.rest]),
};

/** Spoils the answer that holds a page. The password faults spoil one row only, which the rest should survive. */
export function createMalformedBody(
  fault: MalformedBody,
  envelope: Envelope,
  page: SipPage,
): string | Buffer {
  const createData = DATA[fault];
  const data = createData === undefined ? envelope.data : createData(createSpoiltPage(page));
  const text = BODIES[fault] ?? JSON.stringify({ ...envelope, data });
  switch (fault) {
    case 'brokenJson':
      return text.slice(0, -2);
    case 'invalidUtf8':
      // In Latin-1 the letter y with two dots is the byte 0xff, which no UTF-8 text has.
      return Buffer.from(text, 'latin1');
    case 'tooLarge':
      return enlarge(text);
    case 'tooLargeCompressed':
      return gzipSync(enlarge(text));
    default:
      return text;
  }
}

function createSpoiltPage({ total, size, current, records }: SipPage): SpoiltPage {
  const [first = SAMPLE_RECORD, ...rest] = records;
  const atLeastOne = Math.max(1, total);
  return { total: atLeastOne, size, current, pages: Math.ceil(atLeastOne / size), first, rest };
}

function writeData({ first, rest, ...counts }: SpoiltPage, records: unknown = [first, ...rest]): object {
  return { ...counts, records };
}

/** As many phones again as a page holds, which nobody asked for. */
function createUnasked(count: number): SipRecord[] {
  return Array.from({ length: count }, (_, i) => ({ ...SAMPLE_RECORD, account: `unasked_${i}` }));
}

/** White space before the text is legal JSON, so nothing but the size is wrong. */
function enlarge(text: string): string {
  return ' '.repeat(TOO_LARGE_BYTES) + text;
}
