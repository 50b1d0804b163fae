import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

interface RawReply {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

describe('the page of GraphiQL', () => {
  let gateway: ServedGateway;
  beforeAll(async () => {
    gateway = await serveGateway();
  });
  afterAll(() => gateway.close());

  /** Asks without a client that would decompress the answer, or add headers. */
  function ask(headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<RawReply> {
    return new Promise((resolve, reject) => {
      const call = request(
        gateway.url,
        { method, headers: { accept: 'text/html', ...headers } },
        async (reply) => {
          resolve({ status: reply.statusCode, headers: reply.headers, body: await buffer(reply) });
        },
      );
      call.once('error', reject);
      call.end();
    });
  }

  it('comes as small as its reader can take, and is the same page', async () => {
    const plain = await ask();
    const gzip = await ask({ 'accept-encoding': 'gzip' });
    const br = await ask({ 'accept-encoding': 'gzip, deflate, br' });
    expect([plain, gzip, br].map(({ headers }) => headers['content-encoding'])).toEqual([
      undefined,
      'gzip',
      'br',
    ]);
    expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
    expect(brotliDecompressSync(br.body).equals(plain.body)).toBe(true);
    expect(br.body.length).toBeLessThan(2_000_000);
    expect(br.headers['content-length']).toBe(String(br.body.length));
  });

  it('is sent once to whoever keeps it', async () => {
    const { headers } = await ask({ 'accept-encoding': 'br' });
    const etag = String(headers['etag']);
    expect(headers['cache-control']).toBe('no-cache');
    expect(headers['vary']).toBe('Accept, Accept-Encoding');
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await ask({ 'accept-encoding': 'br', 'if-none-match': known });
      expect([again.status, again.headers['etag'], again.body.length]).toEqual([304, etag, 0]);
    }
  });

  it.each(['"other"', ''])('is sent again to whoever keeps %s', async (known) => {
    expect((await ask({ 'if-none-match': known })).status).toBe(200);
  });

  it('has another tag in each encoding', async () => {
    const tags = ['br', 'gzip', 'identity'].map(
      async (encoding) => (await ask({ 'accept-encoding': encoding })).headers['etag'],
    );
    expect(new Set(await Promise.all(tags)).size).toBe(3);
  });

  it('answers HEAD with the headers alone', async () => {
    const [head, get] = [await ask({}, 'HEAD'), await ask()];
    expect(head.body.length).toBe(0);
    expect({ ...head.headers, date: '' }).toEqual({ ...get.headers, date: '' });
  });

  it('may run its own script, ask its own gateway, and do nothing else', async () => {
    const { headers, body } = await ask();
    const policy = String(headers['content-security-policy']).split('; ');
    const scripts = [...body.toString().matchAll(/<script>(.*?)<\/script>/gs)];
    const hashes = scripts.map(
      ([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
    );
    expect(hashes).toHaveLength(2);
    expect(policy).toEqual([
      "default-src 'none'",
      "base-uri 'none'",
      "connect-src 'self'",
      'font-src data:',
      "form-action 'none'",
      "frame-ancestors 'none'",
      'img-src data:',
      "style-src 'unsafe-inline'",
      'worker-src blob:',
      `script-src ${hashes.join(' ')}`,
    ]);
    expect(headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  it('costs the vendor nothing', () => {
    expect(gateway.sandbox.calls.total).toBe(0);
  });
});
