import { describe, expect, it } from '@jest/globals';
import type { Files } from '../../../src/config/files.ts';
import { readConfig } from '../../../src/config/read-config.ts';

const filesWith = (text: string): Files => ({ read: () => Buffer.from(text), exists: () => true });

describe('readConfig', () => {
  it('lets the environment win over the file', () => {
    const config = readConfig({ PORT: '4002' }, filesWith('PORT=4001\nLOG_LEVEL=warn\n'));
    expect(config).toMatchObject({ port: 4002, logLevel: 'warn' });
  });

  it('refuses a variable that is empty in the environment and set in the file', () => {
    expect(() => readConfig({ CALLERS_FILE: ' ' }, filesWith('CALLERS_FILE=callers.json\n'))).toThrow(
      'CALLERS_FILE: empty in the environment, but set in .env; take it out of one of them',
    );
  });

  it('takes a variable that is empty in both for an absent one', () => {
    expect(readConfig({ PORT: '' }, filesWith('PORT=\n')).port).toBe(4000);
  });
});
