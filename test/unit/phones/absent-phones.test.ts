import { describe, expect, it } from '@jest/globals';
import { UpstreamTimeoutError } from '../../../src/errors/upstream-errors.ts';
import { clockAt } from '../../support/manual-clock.ts';
import {
  APP,
  accountsUpTo,
  createVendorList,
  openDirectory,
  type VendorList,
} from '../../support/vendor-list.ts';

/** A supergraph that asks for the same phones every five seconds. */
async function poll(
  list: VendorList,
  accounts: readonly string[],
  options: { readonly keepListMs?: number; beforePoll?(poll: number): void } = {},
) {
  let now = 0;
  const { open } = openDirectory(list, {
    keepMs: 2000,
    keepListMs: options.keepListMs ?? 30_000,
    clock: clockAt(() => now),
  });
  const answers: (boolean | string)[][] = [];
  let callsOfFirst = 0;
  const polls = 60;
  for (let turn = 0; turn < polls; turn++) {
    options.beforePoll?.(turn);
    const phones = open();
    answers.push(
      await Promise.all(accounts.map(async (account) => (await phones.loadPhone(APP, account)) !== null)),
    );
    if (turn === 0) callsOfFirst = list.calls.length;
    now += 5000;
  }
  return { answers, callsAPoll: (list.calls.length - callsOfFirst) / (polls - 1) };
}

describe('A phone that does not exist, asked for every five seconds among 10,000', () => {
  it('costs at most 1.1 calls a poll, beside one that does', async () => {
    const list = createVendorList(accountsUpTo(10_000));
    const { answers, callsAPoll } = await poll(list, ['row-7777', 'deleted']);
    expect(answers.every(([exists, gone]) => exists === true && gone === false)).toBe(true);
    expect(callsAPoll).toBeLessThanOrEqual(1.1);
  });

  it('costs at most 1.1 calls a poll alone', async () => {
    const list = createVendorList(accountsUpTo(10_000));
    expect((await poll(list, ['deleted'])).callsAPoll).toBeLessThanOrEqual(1.1);
  });

  it('costs at most 1.5 while a phone comes or goes every 30 seconds', async () => {
    const list = createVendorList(accountsUpTo(10_000));
    const { answers, callsAPoll } = await poll(list, ['row-7777', 'deleted'], {
      beforePoll(turn) {
        if (turn % 6 !== 5) return;
        if (turn % 12 === 5) list.accounts.unshift(`new-${turn}`);
        else list.accounts.splice(4000, 1);
      },
    });
    expect(answers.every(([exists, gone]) => exists === true && gone === false)).toBe(true);
    expect(callsAPoll).toBeLessThanOrEqual(1.5);
  });

  it.each([
    ['at the head', 0],
    ['in the middle', 5000],
    ['at the end', 10_000],
  ])('is found as soon as it comes %s', async (_, position) => {
    const list = createVendorList(accountsUpTo(10_000));
    const { answers } = await poll(list, ['row-7777', 'deleted'], {
      beforePoll(turn) {
        if (turn === 30) list.accounts.splice(position, 0, 'deleted');
      },
    });
    expect(answers.map(([, exists]) => exists)).toEqual(Array.from({ length: 60 }, (_, turn) => turn >= 30));
  });

  it('is not said to be absent by a list that cannot be reached', async () => {
    const list = createVendorList(accountsUpTo(300));
    let now = 0;
    const { open } = openDirectory(list, { keepListMs: 30_000, clock: clockAt(() => now) });
    expect(await open().loadPhone(APP, 'deleted')).toBeNull();
    now += 5000;
    list.beforeAnswer = () => {
      throw new UpstreamTimeoutError();
    };
    await expect(open().loadPhone(APP, 'deleted')).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    list.beforeAnswer = () => undefined;
    expect(await open().loadPhone(APP, 'deleted')).toBeNull();
  });

  it('is looked for each time where nothing may be remembered', async () => {
    const list = createVendorList(accountsUpTo(300));
    const { callsAPoll } = await poll(list, ['deleted'], { keepListMs: 0 });
    expect(callsAPoll).toBe(4);
  });
});
