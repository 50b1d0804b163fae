import { describe, expect, it } from '@jest/globals';
import { PasswordReads } from '../../../src/pipeline/password-reads.ts';

const caller = { name: 'ops', scopes: new Set(['passwords:read' as const]) };
const limits = { takeOne: () => () => undefined, noteReads: () => undefined };

describe('PasswordReads', () => {
  it('lists each account of an app once, by the best that came of it', () => {
    const reads = new PasswordReads(caller, limits);
    for (const outcome of ['refused', 'failed', 'read', 'refused'] as const)
      reads.note({ appId: 'a', account: '2' }, outcome);
    reads.note({ appId: 'a', account: '1' }, 'failed');
    reads.note({ appId: 'a', account: '3' }, 'refused');
    reads.note({ appId: 'b', account: '1' }, 'read');
    expect(reads.list()).toEqual([
      { appId: 'a', accounts: ['1', '2', '3'], read: ['2'], failed: ['1'], refused: ['3'] },
      { appId: 'b', accounts: ['1'], read: ['1'], failed: [], refused: [] },
    ]);
  });
});
