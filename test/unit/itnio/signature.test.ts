import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Secret } from '../../../src/domain/secret.ts';
import { createSignature, createSigner } from '../../../src/itnio/signature.ts';

const createSampleSigner = () => createSigner(new Secret('bDqJFiq9'), new Secret('7bz1lzh9'));

describe('createSignature', () => {
  it("reproduces the vendor's own sample", () => {
    expect(createSignature('bDqJFiq9', '7bz1lzh9', '1630468800')).toBe('05d7a50893e22a5c4bb3216ae3396c7c');
  });
});

describe('createSigner', () => {
  it('signs the second it is given', () => {
    expect(createSampleSigner().sign(1630468800)).toEqual({
      'Api-Key': 'bDqJFiq9',
      Timestamp: '1630468800',
      Sign: '05d7a50893e22a5c4bb3216ae3396c7c',
    });
  });

  it('hands out the same headers for the whole second', () => {
    const signer = createSampleSigner();
    expect(signer.sign(1630468800)).toBe(signer.sign(1630468800));
  });

  it('signs anew when the second changes, in either direction', () => {
    const signer = createSampleSigner();
    const signs = [1630468800, 1630468801, 1630468800].map((second) => signer.sign(second).Sign);
    expect(signs).toEqual([
      '05d7a50893e22a5c4bb3216ae3396c7c',
      'f0c06cd1abdda2fd9dcad39eaef509cd',
      '05d7a50893e22a5c4bb3216ae3396c7c',
    ]);
  });

  it('shows neither key nor secret when it is printed', () => {
    const signer = createSampleSigner();
    signer.sign(1630468800);
    expect(inspect(signer, { depth: 9, showHidden: true })).not.toMatch(/bDqJFiq9|7bz1lzh9|05d7a508/);
  });
});
