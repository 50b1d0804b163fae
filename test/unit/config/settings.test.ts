import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { createSettings } from '../../../src/config/settings.ts';

const parse = (port: string) => parseConfig({ PORT: port }, () => Buffer.alloc(0));

describe('createSettings', () => {
  it('derives once from each configuration', () => {
    const settings = createSettings(parse('1'));
    const seen: number[] = [];
    const getPort = settings.derive(({ port }) => {
      seen.push(port);
      return port;
    });
    expect([getPort(), getPort()]).toEqual([1, 1]);
    settings.replace(parse('2'));
    expect(settings.current.port).toBe(2);
    expect([getPort(), getPort()]).toEqual([2, 2]);
    expect(seen).toEqual([1, 2]);
  });
});
