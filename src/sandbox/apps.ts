import { createSipList, type SipList } from './sip-list.ts';
import { createSipRecordFactory, SAMPLE_RECORD, type SipRecord } from './sip-record.ts';

/** A voice application. The vendor has no call that lists them; a customer knows them from the vendor's console. */
export interface SandboxApp {
  readonly appId: string;
  readonly name: string;
}

/** An app and what is in it: a number of made-up phones, or the very phones. */
export interface SandboxAppContent extends SandboxApp {
  readonly phones: number | readonly SipRecord[];
}

const SAMPLE_APP_ID = '4luaKsL2';

/** The vendor's sample app first, then the sizes at which paging code breaks. */
export const DEFAULT_APPS: readonly SandboxAppContent[] = [
  { appId: SAMPLE_APP_ID, name: 'Sample', phones: 437 },
  { appId: 'Empty000', name: 'No phones', phones: 0 },
  { appId: 'Single01', name: 'One phone', phones: 1 },
  { appId: 'Full0100', name: 'One full page', phones: 100 },
  { appId: 'Over0101', name: 'One phone over a page', phones: 101 },
  { appId: 'Large10k', name: 'Ten thousand phones', phones: 10_000 },
];

/** Lists by app id, in the order given. */
export function createSipLists(
  apps: readonly SandboxAppContent[],
  seed: string,
): ReadonlyMap<string, SipList> {
  return new Map(apps.map((app) => [app.appId, createAppList(app, seed)]));
}

function createAppList({ appId, phones }: SandboxAppContent, seed: string): SipList {
  if (appId !== SAMPLE_APP_ID) {
    return createSipList(phones, createSipRecordFactory(seed, appId, appId.toLowerCase()));
  }
  const createRecord = createSipRecordFactory(seed, appId, 'test');
  return createSipList(phones, (serial) => (serial === 1 ? SAMPLE_RECORD : createRecord(serial)));
}
