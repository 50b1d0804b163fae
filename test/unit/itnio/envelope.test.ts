import { describe, expect, it } from '@jest/globals';
import { createEnvelopeDecoder } from '../../../src/itnio/envelope.ts';

const decode = (body: string | Buffer) => createEnvelopeDecoder().decode(Buffer.from(body));

describe('createEnvelopeDecoder', () => {
  it('reads status and data', () => {
    expect(decode('{"status":"0","reason":" success","data":{"total":5}}')).toEqual({
      status: '0',
      data: { total: 5 },
    });
  });

  it.each([
    ['a numeric status', '{"status":0,"data":1}', { status: '0', data: 1 }],
    ['a negative numeric status', '{"status":-16}', { status: '-16', data: undefined }],
    ['data that is null', '{"status":"-16","data":null}', { status: '-16', data: null }],
    ['data that is missing', '{"status":"-16","reason":"timestamp expires"}', { status: '-16' }],
    ['unknown keys', '{"status":"0","searchCount":true,"data":1}', { status: '0', data: 1 }],
    ['a byte order mark', '\ufeff{"status":"0","data":1}', { status: '0', data: 1 }],
    ['white space around', ' \n{"status":"0","data":1}\r\n', { status: '0', data: 1 }],
    ['characters of four bytes', '{"status":"0","data":"😀"}', { status: '0', data: '😀' }],
  ])('accepts %s', (_, body, envelope) => {
    expect(decode(body)).toEqual(envelope);
  });

  it.each([
    ['nothing', '', 'body: expected JSON, got nothing'],
    ['HTML', '<html>hunter2</html>', 'body: expected JSON'],
    ['JSON cut short', '{"status":"0","data":{"password":"hunter2', 'body: expected JSON'],
    ['two documents', '{"status":"0"}{"status":"0"}', 'body: expected JSON'],
    ['null', 'null', 'answer: expected an object'],
    ['a list', '[{"status":"0"}]', 'answer: expected an object'],
    ['a text', '"hunter2"', 'answer: expected an object'],
    ['no status', '{"data":{}}', 'status: expected a string'],
    ['a null status', '{"status":null}', 'status: expected a string'],
    ['a status that is true', '{"status":true}', 'status: expected a string'],
    ['a status that is an object', '{"status":{"a":"hunter2"}}', 'status: expected a string'],
    ['Latin-1', Buffer.from('{"status":"0","data":"é"}', 'latin1'), 'body: expected UTF-8'],
    ['UTF-16', Buffer.from('{"status":"0"}', 'utf16le'), 'body: expected JSON'],
    [
      'a character cut in two',
      Buffer.from('{"status":"0","data":"😀').subarray(0, -1),
      'body: expected UTF-8',
    ],
  ])('refuses %s as something that may pass', (_, body, fault) => {
    expect(() => decode(body)).toThrow(
      expect.objectContaining({ code: 'UPSTREAM_BAD_RESPONSE', fault, mayPass: true }),
    );
  });
});
