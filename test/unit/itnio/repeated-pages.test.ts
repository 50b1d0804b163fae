import { describe, expect, it } from '@jest/globals';
import { AnswerBody } from '../../../src/itnio/answer-body.ts';
import { createEnvelopeDecoder } from '../../../src/itnio/envelope.ts';
import { createRepeatedPages } from '../../../src/itnio/repeated-pages.ts';
import { decodeSipPage } from '../../../src/itnio/sip-query.ts';

const decoder = createEnvelopeDecoder();

/** @param padding makes the answer that much longer. */
function bodyOf(account: string, password = `pw of ${account}`, padding = 0): AnswerBody {
  const records = [{ account, password, phoneName: 'x'.repeat(padding) }];
  const answer = { status: '0', data: { total: 1, size: 20, current: 1, records } };
  return new AnswerBody(Buffer.from(JSON.stringify(answer)), decoder);
}

function createFixture() {
  const time = { now: 1_000 };
  const pages = createRepeatedPages(() => time.now);
  const queryOf = (appId: string) => ({ appId, current: 1, size: 20 });
  return {
    time,
    find: (body: AnswerBody, appId = 'app') => pages.find(body, queryOf(appId)),
    /** What the client does with an answer. */
    read(body: AnswerBody, appId = 'app') {
      const query = queryOf(appId);
      const known = pages.find(body, query);
      if (known !== undefined) return known;
      const page = decodeSipPage(body.envelope.data, query);
      pages.add(body, query, page);
      return page;
    },
  };
}

const reveal = (page: ReturnType<typeof decodeSipPage> | undefined) =>
  page?.passwords.map((password) => password?.reveal());

describe('repeated pages', () => {
  it('keep a page from its second time on, as the same frozen array of frozen rows', () => {
    const { read } = createFixture();
    const first = read(bodyOf('a'));
    expect(Object.isFrozen(first.phones)).toBe(false);
    const second = read(bodyOf('a'));
    expect(second.phones).not.toBe(first.phones);
    expect(Object.isFrozen(second.phones)).toBe(true);
    expect(second.phones.every(Object.isFrozen)).toBe(true);
    const third = read(bodyOf('a'));
    expect(third.phones).toBe(second.phones);
    expect(third).toMatchObject({ total: 1, current: 1, size: 20 });
  });

  it('are of one app: rows carry its id, which no answer does', () => {
    const { read, find } = createFixture();
    read(bodyOf('a'));
    read(bodyOf('a'));
    expect(find(bodyOf('a'), 'other')).toBeUndefined();
    expect(read(bodyOf('a'), 'other').phones).toEqual([expect.objectContaining({ appId: 'other' })]);
  });

  it('do not know an answer of which one byte differs, a password even', () => {
    const { read, find } = createFixture();
    read(bodyOf('a', 'secret1'));
    read(bodyOf('a', 'secret1'));
    expect(find(bodyOf('a', 'secret2'))).toBeUndefined();
    expect(reveal(read(bodyOf('a', 'secret2')))).toEqual(['secret2']);
  });

  it('read passwords from the answer that has just come', () => {
    const { read } = createFixture();
    read(bodyOf('a'));
    read(bodyOf('a'));
    const body = bodyOf('a');
    const page = read(body);
    expect(reveal(page)).toEqual(['pw of a']);
    expect(page.passwords).toBe(page.passwords);
    expect(JSON.stringify(page)).not.toContain('pw of a');
  });

  it('forget a page 60 seconds after it came last', () => {
    const { read, find, time } = createFixture();
    read(bodyOf('a'));
    read(bodyOf('a'));
    time.now += 59_000;
    expect(read(bodyOf('a'))).toBeDefined();
    time.now += 59_000;
    expect(find(bodyOf('a'))).toBeDefined();
    time.now += 62_000;
    expect(find(bodyOf('a'))).toBeUndefined();
  });

  it('take 16 MiB: pages of the last 30 seconds keep their place, older ones make room', () => {
    const { read, find, time } = createFixture();
    // Four times as much is counted for each.
    const megabyte = 1024 * 1024;
    const large = (account: string) => bodyOf(account, 'pw', megabyte - 500);
    for (let index = 0; index < 12; index++)
      for (let times = 0; times < 2; times++) read(large(`account ${index}`));
    const known = () =>
      Array.from({ length: 12 }, (_, index) => index).filter(
        (index) => find(large(`account ${index}`)) !== undefined,
      );
    expect(known()).toEqual([0, 1, 2, 3]);
    time.now += 31_000;
    for (let index = 1; index < 4; index++) expect(find(large(`account ${index}`))).toBeDefined();
    read(large('account 11'));
    expect(known()).toEqual([1, 2, 3, 11]);
  });
});
