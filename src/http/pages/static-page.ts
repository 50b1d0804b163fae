import { webcrypto } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { UnsentAnswers } from '../unsent-answers.ts';
import { chooseEncoding, type Encoding } from './content-encoding.ts';

/** A page of HTML that is the same for every reader. */
export interface StaticPage {
  render(): Promise<string>;
  /** Where the page may load from and send to. Its own scripts are added, and nothing else can run. */
  readonly contentSecurityPolicy: readonly string[];
}

/** Serves a page by GET and HEAD: made at the first request, compressed once for each encoding, never for each reader. */
export type ServePage = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

interface RenderedPage {
  readonly html: Buffer;
  /** Of the text, without quotes; encodings append their name. */
  readonly tag: string;
  readonly headers: readonly string[];
}

/** A quality at which 9 MB take a third of a second; higher ones take three times that for 3 % less. */
const BROTLI_QUALITY = 6;

export function createStaticPage(page: StaticPage, unsent: UnsentAnswers): ServePage {
  let rendered: Promise<RenderedPage> | undefined;
  const bodies = new Map<Encoding, Promise<Buffer>>();

  function findBody(html: Buffer, encoding: Encoding): Promise<Buffer> {
    let body = bodies.get(encoding);
    if (body === undefined) {
      body = encode(html, encoding);
      bodies.set(encoding, body);
    }
    return body;
  }

  return async (request, response) => {
    rendered ??= render(page);
    const { html, tag, headers } = await rendered;
    const encoding = chooseEncoding(request.headers['accept-encoding']);
    const entityTag = `"${tag}-${encoding}"`;
    if (isKnown(request.headers['if-none-match'], entityTag)) {
      response.writeHead(304, [...headers, 'etag', entityTag]);
      return unsent.send(response, '');
    }
    const body = await findBody(html, encoding);
    response.writeHead(200, [
      ...headers,
      'content-type',
      'text/html; charset=utf-8',
      'content-length',
      String(body.length),
      'etag',
      entityTag,
      ...(encoding === 'identity' ? [] : ['content-encoding', encoding]),
    ]);
    if (request.method === 'HEAD') unsent.send(response, '');
    else unsent.sendShared(response, body);
  };
}

async function render({ render, contentSecurityPolicy }: StaticPage): Promise<RenderedPage> {
  const text = await render();
  const html = Buffer.from(text);
  const policy = [...contentSecurityPolicy, `script-src ${(await listScriptHashes(text)).join(' ')}`];
  return {
    html,
    tag: (await hash(html)).toString('base64url').slice(0, 22),
    headers: [
      'cache-control',
      'no-cache',
      'vary',
      'Accept, Accept-Encoding',
      'content-security-policy',
      policy.join('; '),
      'cross-origin-opener-policy',
      'same-origin',
      'cross-origin-resource-policy',
      'same-origin',
      'referrer-policy',
      'no-referrer',
      'x-content-type-options',
      'nosniff',
      'x-frame-options',
      'DENY',
    ],
  };
}

/** What a policy calls the scripts that stand in a page: no other text can run in their place. */
function listScriptHashes(html: string): Promise<string[]> {
  const scripts = [...html.matchAll(/<script>(.*?)<\/script>/gs)];
  return Promise.all(
    scripts.map(async ([, text = '']) => `'sha256-${(await hash(Buffer.from(text))).toString('base64')}'`),
  );
}

/** SHA-256, on another thread: for 9 MB it would hold up the event loop. */
async function hash(bytes: Uint8Array): Promise<Buffer> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes));
}

/** On a thread of its own as well. */
async function encode(html: Buffer, encoding: Encoding): Promise<Buffer> {
  switch (encoding) {
    case 'br':
      return promisify(brotliCompress)(html, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
          [constants.BROTLI_PARAM_SIZE_HINT]: html.length,
        },
      });
    case 'gzip':
      return promisify(gzip)(html);
    case 'identity':
      return html;
  }
}

/** Whether an `If-None-Match` header names a tag, weakly or not. */
function isKnown(ifNoneMatch: string | undefined, entityTag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((item) => {
    const tag = item.trim().replace(/^W\//, '');
    return tag === '*' || tag === entityTag;
  });
}
