import type { Phone } from '../src/domain/phone.ts';
import { type PhoneFilterInput, parsePhoneFilter } from '../src/paging/phone-filter.ts';
import { createPhoneListing, type PhoneListing } from '../src/paging/phone-listing.ts';
import type { PhoneField } from '../src/paging/phone-order.ts';
import { createPreparedTexts } from '../src/paging/search-texts.ts';
import { formatTable } from './table.ts';

/*
 * Prints what a page of a list of 10,000 phones that is kept costs, in milliseconds of CPU: by the first filter of its kind,
 * where its order is known, and by another one after it. `node --expose-gc --import tsx bench/kept-list.ts` also prints what
 * the list takes once all of that was asked for. The best of some rounds: the machine has other work.
 */
const PHONES = 10_000;
const ROUNDS = 9;
const ROWS_OF_A_PAGE = 88;
const GROUPS = ['sales', 'Réception', 'support', 'back office', null];
/** Each filter, and another of its kind. */
const FILTERS: Readonly<Record<string, readonly [PhoneFilterInput, PhoneFilterInput]>> = {
  'text: a word': [{ text: 'étage 12' }, { text: 'bureau 9' }],
  'text: a number': [{ text: '57 12' }, { text: '57-19' }],
  'account contains': [{ account: { contains: '_77' } }, { account: { contains: '_8' } }],
  'account equals': [{ account: { equals: 'large10k_777' } }, { account: { equals: 'large10k_9' } }],
  'phoneName contains': [{ phoneName: { contains: 'etage' } }, { phoneName: { contains: 'sip' } }],
  'phoneName contains a number': [{ phoneName: { contains: '12' } }, { phoneName: { contains: '77' } }],
  'phoneName startsWith': [{ phoneName: { startsWith: 'bureau' } }, { phoneName: { startsWith: 'sip-9' } }],
  'groupName equals': [{ groupName: { equals: 'reception' } }, { groupName: { equals: 'SALES' } }],
  'displayNum contains': [{ displayNum: { contains: '15712' } }, { displayNum: { contains: '57 7' } }],
  'displayNum equals': [{ displayNum: { equals: '0086 1571 003' } }, { displayNum: { equals: '+86 157 9' } }],
  'displayNum startsWith': [{ displayNum: { startsWith: '86157' } }, { displayNum: { startsWith: '0086' } }],
};

function createPhones(): Phone[] {
  return Array.from({ length: PHONES }, (_, index) => ({
    appId: 'app',
    account: `large10k_${(index * 7919) % PHONES}`,
    phoneName: index % 7 ? `SIP-${index}` : `Bureau à l'étage ${index}`,
    groupName: GROUPS[index % GROUPS.length] ?? null,
    displayNum: index % 3 ? `+86 157 ${1000 + (index % 9000)} ${index}` : `0086157${1000 + index}`,
  }));
}

/** A list as it is once it was read: what a filter looks into was made page by page meanwhile. */
function createList(): PhoneListing {
  const phones = createPhones();
  const texts = createPreparedTexts();
  for (let at = 0; at < PHONES; at += ROWS_OF_A_PAGE) texts.prepare(phones.slice(at, at + ROWS_OF_A_PAGE));
  return createPhoneListing(phones, texts);
}

interface Measured {
  readonly cpuMs: number;
  /** The longest stretch between two moments at which others may run, of it. */
  readonly sliceMs: number;
}

function measure(list: PhoneListing, filter: PhoneFilterInput, field: PhoneField): Measured {
  const slices = list.list(parsePhoneFilter(filter), { field, direction: 'asc' });
  let cpuMs = 0;
  let sliceMs = 0;
  for (let isDone = false; !isDone; ) {
    const before = process.cpuUsage();
    isDone = slices.next().done === true;
    const { user, system } = process.cpuUsage(before);
    sliceMs = Math.max(sliceMs, (user + system) / 1000);
    cpuMs += (user + system) / 1000;
  }
  return { cpuMs, sliceMs };
}

function best(runs: readonly Measured[]): Measured {
  return {
    cpuMs: Math.min(...runs.map(({ cpuMs }) => cpuMs)),
    sliceMs: Math.min(...runs.map(({ sliceMs }) => sliceMs)),
  };
}

const rounds = Array.from({ length: ROUNDS }, (_, round) => round);
const table = Object.entries(FILTERS).map(([filter, [first, other]]) => {
  const runs = rounds.map(() => {
    const list = createList();
    measure(list, {}, 'account');
    return { first: measure(list, first, 'account'), other: measure(list, other, 'account') };
  });
  return {
    filter,
    'first, ms': best(runs.map((run) => run.first)).cpuMs.toFixed(1),
    'longest slice, ms': best(runs.map((run) => run.first)).sliceMs.toFixed(1),
    'another, ms': best(runs.map((run) => run.other)).cpuMs.toFixed(1),
  };
});
console.log(formatTable(table));

for (const field of ['account', 'phoneName', 'groupName', 'displayNum'] as const) {
  const { cpuMs, sliceMs } = best(rounds.map(() => measure(createList(), {}, field)));
  console.log(`first page by ${field}: ${cpuMs.toFixed(1)} ms, longest slice ${sliceMs.toFixed(1)} ms`);
}

if (globalThis.gc !== undefined) {
  const { gc } = globalThis;
  const heap = () => {
    gc();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = heap();
  const list = createList();
  for (const [first] of Object.values(FILTERS)) measure(list, first, 'account');
  for (const field of ['phoneName', 'groupName', 'displayNum'] as const) measure(list, {}, field);
  console.log(`${((heap() - before) / 1e6).toFixed(1)} MB for ${list.phones.length} phones and all of that`);
}
