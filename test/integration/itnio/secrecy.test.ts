import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { Secret } from '../../../src/domain/secret.ts';
import {
  type Answer,
  answerBytes,
  answerHttp,
  answerJson,
  answerNothing,
  answerStatus,
  samplePage,
} from '../../support/faulty-upstream.ts';
import { useClients } from './client-fixture.ts';

const openClient = useClients();

const page = samplePage();
const records = [{ account: 'test_001', password: 'canary-password' }];
const withCanary = { ...page, data: { ...page.data, records } };
const text = JSON.stringify(withCanary);

const ANSWERS: readonly (readonly [name: string, answer: Answer])[] = [
  ['a good page', answerJson(withCanary)],
  ['a page cut within a password', answerHttp(200, text.slice(0, text.indexOf('canary-password') + 8))],
  [
    'a password in place of a count',
    answerJson({ ...page, data: { ...page.data, total: 'canary-password' } }),
  ],
  ['a password in place of the status', answerJson({ ...withCanary, status: 'canary-password' })],
  ['a password in the reason', answerJson({ status: '-22', reason: 'canary-password' })],
  [
    'a password of the wrong type',
    answerJson({
      ...page,
      data: { ...page.data, records: [{ account: 'a', password: ['canary-password'] }] },
    }),
  ],
  [
    'an account that is missing',
    answerJson({ ...page, data: { ...page.data, records: [{ password: 'canary-password' }] } }),
  ],
  ['a page of Latin-1', answerHttp(200, Buffer.from(text.replace('canary', 'canary-passwordé'), 'latin1'))],
  ['a page that says gzip', answerHttp(200, text, { 'Content-Encoding': 'gzip' })],
  ['a page of cut gzip', answerHttp(200, gzipSync(text).subarray(0, -12), { 'Content-Encoding': 'gzip' })],
  ['a page with HTTP 500', answerHttp(500, text)],
  ['a page with HTTP 403', answerHttp(403, text)],
  ['a page without HTTP', answerBytes(text, 'end')],
  ['a redirect', answerHttp(307, text, { Location: 'http://canary-password/' })],
  ['a timestamp refused', answerStatus('-16')],
  ['silence', answerNothing()],
  ['a reset', answerBytes('', 'reset')],
];

describe('key, secret, signature and passwords', () => {
  it.each(ANSWERS)('show in no answer, error, log or printed client after %s', async (_, answer) => {
    const fixture = await openClient({
      apiKey: new Secret('canary-key'),
      apiSecret: new Secret('canary-secret'),
      attemptTimeoutMs: 200,
    });
    const { ask, client, logLines, upstream } = fixture;
    upstream.answerAlways(answer);
    const outcome = await ask().catch((error: unknown) => error);
    const shown = [outcome, client, logLines]
      .map((value) => inspect(value, { depth: 20, showHidden: true }) + JSON.stringify(value))
      .join('\n');
    const { sign = '' } = upstream.requests.at(-1)?.headers ?? {};
    expect(sign).toHaveLength(32);
    expect(shown).not.toContain(sign);
    expect(shown).not.toMatch(/canary/);
    expect(logLines.length).toBeGreaterThan(0);
  });
});
