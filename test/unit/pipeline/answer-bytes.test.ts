import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { WrittenData } from '../../../src/execution/written-data.ts';
import { writeAnswer } from '../../../src/pipeline/answer-bytes.ts';

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
    expect(writeAnswer({ data: { text: 'x'.repeat(100), many } }, 50)).toBeUndefined();
    expect(written).toBe(0);
  });

  it('writes around data that is text what it writes around a tree, to the byte', () => {
    const parts = fc.record(
      { errors: fc.array(fc.jsonValue()), data: fc.jsonValue(), extensions: fc.jsonValue() },
      { requiredKeys: ['data'] },
    );
    fc.assert(
      fc.property(parts, (answer) => {
        const text = JSON.stringify(answer.data);
        const whole = JSON.stringify({
          errors: answer.errors,
          data: answer.data,
          extensions: answer.extensions,
        });
        const bytes = Buffer.byteLength(whole);
        const written = { ...answer, data: new WrittenData(text) };
        expect(writeAnswer(written, bytes)).toBe(whole);
        expect(writeAnswer(written, bytes - 1)).toBeUndefined();
      }),
    );
  });

  it('leaves out what JSON leaves out', () => {
    expect(writeAnswer({ data: { a: null }, extensions: undefined })).toBe('{"data":{"a":null}}');
  });
});
