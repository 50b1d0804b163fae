import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { writeAnswer } from '../../../src/plugins/answer-bytes.ts';

describe('writeAnswer', () => {
  it('writes as JSON what fits, to the byte, and nothing else', () => {
    fc.assert(
      fc.property(fc.object({ withNullPrototype: true }), (answer) => {
        // As graphql makes them: plain values, read back from their own text.
        const plain = JSON.parse(JSON.stringify(answer));
        const text = JSON.stringify(plain);
        const bytes = Buffer.byteLength(text);
        expect(writeAnswer(plain, bytes)).toBe(text);
        expect(writeAnswer(plain, bytes - 1)).toBeUndefined();
      }),
    );
  });

  it('does not write what is far too large', () => {
    let written = 0;
    const value = { toJSON: () => written++ };
    const many = Array.from({ length: 1000 }, () => value);
    expect(writeAnswer({ text: 'x'.repeat(100), many }, 50)).toBeUndefined();
    expect(written).toBe(0);
  });

  it('leaves out what JSON leaves out', () => {
    expect(writeAnswer({ data: { a: null }, extensions: undefined })).toBe('{"data":{"a":null}}');
  });
});
