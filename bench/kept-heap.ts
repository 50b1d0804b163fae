import { Secret } from '../src/domain/secret.ts';
import { createItnioClient } from '../src/itnio/client.ts';
import { createCursorCodec } from '../src/paging/cursor.ts';
import { createValueCursorCodec } from '../src/paging/value-cursor.ts';
import { createPhoneDirectory } from '../src/phones/phone-directory.ts';
import { SAMPLE_CREDENTIALS } from '../src/sandbox/signature.ts';

/*
 * Prints, in bytes, how much larger the heap is when 10,000 phones of one app are kept, hints included. They come from the
 * upstream through the gateway's own client, since texts that were cut out of an answer can hold on to all of it.
 * Needs `--expose-gc`.
 */
const { UPSTREAM_URL = '' } = process.env;
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const client = createItnioClient({
  baseUrl: UPSTREAM_URL,
  apiKey: new Secret(SAMPLE_CREDENTIALS.apiKey),
  apiSecret: new Secret(SAMPLE_CREDENTIALS.apiSecret),
  observer: { onAttempt() {}, onChange() {} },
});

const codec = createCursorCodec([new Uint8Array(32)]);
const valueCodec = createValueCursorCodec([new Uint8Array(32)]);

const requester = {
  mostOfSlots: 1,
  share: 'bench',
  requestId: 'bench',
  allowance: undefined,
  hasCalled: false,
};

function createDirectory() {
  return createPhoneDirectory({
    client,
    cursorCodec: () => codec,
    valueCursorCodec: () => valueCodec,
    keepMs: 600_000,
    log: silent,
  });
}

/** Looks for a phone that does not exist: that takes the whole list. */
async function readWholeList(directory: ReturnType<typeof createDirectory>): Promise<void> {
  const phone = await directory
    .open({ deadlineAt: performance.now() + 30_000, requester })
    .loadPhone('bench-0', 'nobody');
  if (phone !== null) throw new Error('The upstream knows nobody.');
}

async function measureHeap(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}

// Code, buffers and connections of the first reading are no rows.
await readWholeList(createDirectory());
const before = await measureHeap();
const directory = createDirectory();
await readWholeList(directory);
const calls = client.callCount;
// Makes the index of accounts, and shows that all of it is kept.
await readWholeList(directory);
if (client.callCount !== calls) throw new Error('The list was not kept.');
const after = await measureHeap();
process.stdout.write(String(after - before));
// Still in use when it was measured, or it might have been collected.
await readWholeList(directory);
client.close();
