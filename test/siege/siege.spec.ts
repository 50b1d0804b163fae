import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ATTACKS } from './attacks.ts';
import { laySiege, type Siege } from './lay-siege.ts';

jest.setTimeout(120_000);

describe('a process with 400 MB of heap stays alive, in 350 MB,', () => {
  let siege: Siege;
  beforeEach(async () => {
    siege = await laySiege();
  });
  afterEach(() => siege.end());

  it.each(ATTACKS)('with %s', async (_, lay) => {
    await lay(siege);
    expect(await siege.isAlive()).toBe(true);
    expect(siege.peakMemory()).toBeLessThan(350);
  });
});
