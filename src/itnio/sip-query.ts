import { findAccountFault } from '../domain/identifier.ts';
import type { Phone } from '../domain/phone.ts';
import { Secret } from '../domain/secret.ts';
import { UpstreamBadResponseError } from '../errors/upstream-errors.ts';
import type { Endpoint } from './call.ts';
import { isObject, type Untrusted } from './envelope.ts';
import type { PhonePage, SipPage, SipQuery } from './sip-page.ts';

/** `POST /sipQuery`: one page of an app's SIP phones. */
export const sipQueryEndpoint: Endpoint<SipQuery, SipPage> = {
  name: 'sipQuery',
  path: '/sipQuery',
  isRepeatable: true,
  encode: ({ appId, current, size }) => JSON.stringify({ current, size, params: { appId } }),
  decode: decodeSipPage,
  appIdOf: ({ appId }) => appId,
  describe: (query) => query,
};

type RecordField = keyof Omit<Phone, 'appId'> | 'password';

/**
 * Reads the `data` of a successful answer. Unknown keys are ignored, counts may be numeric strings.
 * @throws {UpstreamBadResponseError} for anything else than what the vendor documents.
 */
export function decodeSipPage(data: unknown, query: SipQuery): SipPage {
  if (!isObject<'total' | 'size' | 'current' | 'pages' | 'records'>(data))
    throw new UpstreamBadResponseError('data: expected an object');
  const total = decodeCount(data.total, 'data.total');
  const size = decodeCount(data.size, 'data.size');
  const current = decodeCount(data.current, 'data.current');
  // Nobody needs `pages`, so it may be missing; where it stands, it is a count like the others.
  if (data.pages != null) decodeCount(data.pages, 'data.pages');
  const records = decodeRecords(data.records, total);

  const phones = new Array<Phone>(records.length);
  const passwords = new Array<string | null>(records.length);
  for (let index = 0; index < records.length; index += 1) {
    const record: unknown = records[index];
    if (!isObject<RecordField>(record)) throw expected('an object', index);
    phones[index] = decodePhone(record, index, query.appId);
    passwords[index] = decodePassword(record.password, index);
  }
  return new Page({ total, current, size, phones }, () =>
    passwords.map((password) => (password === null ? null : new Secret(password))),
  );
}

/** A page whose passwords are made when somebody asks for them, which hardly any request does. */
export class Page implements SipPage {
  readonly total: number;
  readonly current: number;
  readonly size: number;
  readonly phones: readonly Phone[];
  readonly #readPasswords: () => SipPage['passwords'];
  #passwords: SipPage['passwords'] | undefined;

  constructor({ total, current, size, phones }: PhonePage, readPasswords: () => SipPage['passwords']) {
    this.total = total;
    this.current = current;
    this.size = size;
    this.phones = phones;
    this.#readPasswords = readPasswords;
  }

  get passwords(): SipPage['passwords'] {
    this.#passwords ??= this.#readPasswords();
    return this.#passwords;
  }
}

function decodeRecords(records: unknown, total: number): readonly unknown[] {
  if (Array.isArray(records)) return records;
  if (records != null) throw new UpstreamBadResponseError('data.records: expected an array');
  // The count and the list are two statements at the vendor; a list emptied in between would read like this.
  if (total > 0)
    throw new UpstreamBadResponseError('data.records: expected an array, as data.total is above 0', {
      mayPass: true,
    });
  return [];
}

function decodePhone(record: Untrusted<RecordField>, index: number, appId: string): Phone {
  const account = record.account;
  if (typeof account !== 'string' || account === '') throw expected('a non-empty string', index, 'account');
  const fault = findAccountFault(account);
  if (fault !== undefined) throw new UpstreamBadResponseError(`data.records[${index}].account: ${fault}`);
  return {
    appId,
    account,
    phoneName: decodeText(record.phoneName, index, 'phoneName'),
    groupName: decodeText(record.groupName, index, 'groupName'),
    displayNum: decodeText(record.displayNum, index, 'displayNum'),
  };
}

/** A password of `""` is handed on as it is: what the vendor's servers make of one is not for the gateway to say. */
function decodePassword(value: unknown, index: number): string | null {
  if (typeof value === 'string') return value;
  if (value == null) return null;
  throw expected('a string or null', index, 'password');
}

function decodeText(value: unknown, index: number, field: string): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (value == null) return null;
  throw expected('a string or null', index, field);
}

function decodeCount(value: unknown, place: string): number {
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
  throw new UpstreamBadResponseError(`${place}: expected a whole number`);
}

function expected(what: string, index: number, field?: string): UpstreamBadResponseError {
  const place = field === undefined ? `data.records[${index}]` : `data.records[${index}].${field}`;
  return new UpstreamBadResponseError(`${place}: expected ${what}`);
}
