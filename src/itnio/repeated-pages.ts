import { LRUCache } from 'lru-cache';
import type { AnswerBody } from './answer-body.ts';
import type { RepeatedAnswers } from './call.ts';
import type { PhonePage, SipPage, SipQuery } from './sip-page.ts';
import { decodeSipPage, Page } from './sip-query.ts';

/** What is kept in all, in bytes. An estimate. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024;
/** Bytes that a kept row takes for each that it has in an answer: with the edge, the cursor and the text that are made of it. */
const KEPT_BYTES_PER_BYTE = 4;
/** How long a page is kept after it has come last, in milliseconds. */
const KEPT_MS = 60_000;
/** A page that has come in this time is not pushed out. Else, where more come than fit, each would push out the next. */
const HELD_MS = 30_000;
/** Answers of which it is known that they have come: a power of 2. */
const SEEN_SLOTS = 8_192;

/**
 * Pages whose answers have come before, byte for byte. Nothing is answered from here but what the vendor has just sent again:
 * it saves the reading, and lets what was made of the rows be found by the same array. A page is kept from its second time on,
 * since what comes once is cheaper to forget.
 * @see docs/decisions/034-an-answer-that-comes-again-is-not-read-again.md
 */
export function createRepeatedPages(now: () => number): RepeatedAnswers<SipQuery, SipPage> {
  const kept = new LRUCache<string, PhonePage>({
    maxSize: MAX_KEPT_BYTES,
    ttl: KEPT_MS,
    ttlResolution: 0,
    updateAgeOnGet: true,
    perf: { now },
  });
  /** Part of the digest of each answer seen, unless another has taken its place. */
  const seen = new Uint16Array(SEEN_SLOTS);

  function isSecond(digest: string): boolean {
    const slot = readUint16(digest, 0) % SEEN_SLOTS;
    const part = readUint16(digest, 2);
    const isKnown = seen[slot] === part;
    seen[slot] = part;
    return isKnown;
  }

  function hasPlace(bytes: number): boolean {
    if (kept.calculatedSize + bytes <= MAX_KEPT_BYTES) return true;
    const [oldest] = kept.rkeys();
    return oldest === undefined || kept.getRemainingTTL(oldest) < KEPT_MS - HELD_MS;
  }

  return {
    find(body, query) {
      const page = kept.get(keyOf(body, query));
      return page && new Page(page, () => decodeSipPage(body.envelope.data, query).passwords);
    },
    add(body, query, { total, current, size, phones }) {
      const bytes = KEPT_BYTES_PER_BYTE * body.byteLength;
      if (!isSecond(body.digest) || !hasPlace(bytes)) return;
      for (const phone of phones) Object.freeze(phone);
      kept.set(keyOf(body, query), { total, current, size, phones: Object.freeze(phones) }, { size: bytes });
    },
  };
}

/** Rows carry their app, which the answer does not name. */
function keyOf(body: AnswerBody, { appId }: SipQuery): string {
  return body.digest + appId;
}

/** Of a text with a byte in each unit. */
function readUint16(text: string, at: number): number {
  return text.charCodeAt(at) * 256 + text.charCodeAt(at + 1);
}
