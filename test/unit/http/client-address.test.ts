import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createClientAddressFinder } from '../../../src/http/client-address.ts';

const PROXIES = [
  { address: '10.0.0.0', bits: 8 },
  { address: 'fd00::', bits: 8 },
];

/** A request whose connection comes from an address. */
function requestFrom(remoteAddress: string, headers: Readonly<Record<string, string>>): IncomingMessage {
  const request = new IncomingMessage(
    Object.defineProperty(new Socket(), 'remoteAddress', { value: remoteAddress }),
  );
  Object.assign(request.headers, headers);
  return request;
}

const find = createClientAddressFinder(PROXIES);

describe('createClientAddressFinder', () => {
  it.each<[string, string, Record<string, string>, string]>([
    ['a client without a proxy', '192.0.2.1', {}, '192.0.2.1'],
    ['a client that names another', '192.0.2.1', { 'x-forwarded-for': '192.0.2.9' }, '192.0.2.1'],
    ['a proxy that names nobody', '10.0.0.1', {}, '10.0.0.1'],
    ['a client of a proxy', '10.0.0.1', { 'x-forwarded-for': '192.0.2.1' }, '192.0.2.1'],
    ['what a client of a proxy wrote', '10.0.0.1', { 'x-forwarded-for': '6.6.6.6, 192.0.2.1' }, '192.0.2.1'],
    ['a proxy behind a proxy', '::ffff:10.0.0.1', { 'x-forwarded-for': '192.0.2.1,fd00::2' }, '192.0.2.1'],
    ['a client inside', '10.0.0.1', { 'x-forwarded-for': '10.0.0.9' }, '10.0.0.9'],
    ['a hop that is no address', '10.0.0.1', { 'x-forwarded-for': '192.0.2.1, unknown' }, '10.0.0.1'],
    ['ports', '10.0.0.1', { 'x-forwarded-for': '192.0.2.1:4711' }, '192.0.2.1'],
    [
      'Forwarded',
      '10.0.0.1',
      { forwarded: 'for=6.6.6.6;proto=https, proto=http; For="[2001:db8::1]:80"' },
      '2001:db8::1',
    ],
    ['a hidden name', '10.0.0.1', { forwarded: 'for=192.0.2.1, for=_hidden' }, '10.0.0.1'],
    ['both, alike', '10.0.0.1', { forwarded: 'for=192.0.2.1', 'x-forwarded-for': '192.0.2.1' }, '192.0.2.1'],
    [
      'both, one of them false',
      '10.0.0.1',
      { forwarded: 'for=6.6.6.6', 'x-forwarded-for': '192.0.2.1' },
      '10.0.0.1',
    ],
  ])('knows %s', (_, remoteAddress, headers, address) => {
    expect(find(requestFrom(remoteAddress, headers))).toBe(address);
  });

  it('believes nobody where no proxy is trusted', () => {
    const request = requestFrom('127.0.0.1', { 'x-forwarded-for': '192.0.2.1' });
    expect(createClientAddressFinder([])(request)).toBe('127.0.0.1');
  });

  it('never says the address that a client chose, whatever it sends through a proxy that adds to one header', () => {
    const chosen = fc.oneof(
      fc.constantFrom('6.6.6.6', '10.6.6.6', 'for=6.6.6.6', '', 'x, 6.6.6.6'),
      fc.string(),
    );
    fc.assert(
      fc.property(chosen, chosen, fc.boolean(), (list, forwarded, addsToList) => {
        const headers = addsToList
          ? { 'x-forwarded-for': `${list}, 192.0.2.1`, forwarded }
          : { 'x-forwarded-for': list, forwarded: `${forwarded}, for=192.0.2.1` };
        expect(['10.0.0.1', '192.0.2.1']).toContain(find(requestFrom('10.0.0.1', headers)));
      }),
    );
  });
});
