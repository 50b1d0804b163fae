import { describe, expect, it } from '@jest/globals';
import { createSign, SAMPLE_CREDENTIALS } from '../../../src/sandbox/signature.ts';

describe('createSign', () => {
  it("reproduces the vendor's own sample", () => {
    expect(createSign(SAMPLE_CREDENTIALS, '1630468800')).toBe('05d7a50893e22a5c4bb3216ae3396c7c');
  });
});
