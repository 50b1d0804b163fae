import type { Quirks } from './quirks.ts';
import type { SipPage } from './sip-page.ts';
import type { SipRecord } from './sip-record.ts';
import { getReason, SUCCESS } from './vendor-status.ts';

/** What the vendor has to say, before it is written down. */
export type Answer =
  | { readonly status: typeof SUCCESS; readonly page: SipPage }
  | { readonly status: number; readonly page?: undefined };

/** An answer as a JSON value, keys in the order of the vendor's sample. */
export interface Envelope {
  readonly status: string | number;
  readonly reason: string;
  readonly data?: unknown;
}

export function createEnvelope(answer: Answer, quirks: Quirks): Envelope {
  const { status, page } = answer;
  const head = { status: quirks.numericStatus ? status : String(status), reason: getReason(status) };
  const extra = quirks.extraKeys ? { success: status === SUCCESS, traceId: '0af7651916cd43dd' } : {};
  if (page !== undefined) return { ...head, data: createData(page, quirks), ...extra };
  return quirks.nullDataOnFailure ? { ...head, data: null, ...extra } : { ...head, ...extra };
}

function createData(page: SipPage, quirks: Quirks): object {
  const { total, size, current, records } = page;
  const write = quirks.numbersAsStrings ? String : (count: number) => count;
  const data = {
    total: write(total),
    size: write(size),
    current: write(current),
    pages: write(Math.ceil(total / size)),
    records: createRecords(page, quirks),
  };
  return quirks.extraKeys
    ? { ...data, records: records.map(addExtraKeys), orders: [], searchCount: true }
    : data;
}

function createRecords({ total, records }: SipPage, quirks: Quirks): readonly SipRecord[] | null {
  return total === 0 && quirks.nullRecordsWhenEmpty ? null : records;
}

function addExtraKeys(record: SipRecord): object {
  return { ...record, status: 1, remark: null };
}
