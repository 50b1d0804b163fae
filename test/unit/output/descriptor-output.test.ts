import { describe, expect, it } from '@jest/globals';
import { createDescriptorOutput } from '../../../src/output/descriptor-output.ts';
import { createManualClock } from '../../support/manual-clock.ts';

function setUp(steps: readonly (number | string)[], mustReachDisk = true) {
  const clock = createManualClock();
  const left = [...steps];
  const order: string[] = [];
  const output = createDescriptorOutput(
    {
      writeNow: (bytes) => order.push(`now ${bytes}`),
      async sync() {
        order.push('sync');
      },
      writeSome(bytes) {
        const step = left.shift() ?? bytes.length;
        if (typeof step === 'string') throw Object.assign(new Error(step), { code: step });
        order.push(bytes.subarray(0, step).toString());
        return step;
      },
    },
    clock,
    mustReachDisk,
  );
  const write = (text: string, hasRecord = false) =>
    output.write(Buffer.from(text), () => undefined, hasRecord);
  return { clock, order, output, write };
}

describe('createDescriptorOutput', () => {
  it('goes on where a write has taken a part', async () => {
    const { order, write } = setUp([2, 1]);
    await write('abcd\n');
    expect(order).toEqual(['ab', 'c', 'd\n']);
  });

  it('tries again what takes nothing, ever less often, and 20 times a second at least', async () => {
    const { clock, order, write } = setUp(Array(12).fill('EAGAIN'));
    const written = write('a\n');
    await clock.advance(1 + 2 + 4 + 8 + 16 + 32 + 5 * 50);
    expect(order).toEqual([]);
    await clock.advance(50);
    await written;
    expect(order).toEqual(['a\n']);
  });

  it('starts a new line after one that a failure has torn', async () => {
    const { order, write } = setUp([2, 'ENOSPC']);
    await expect(write('abcd\n')).rejects.toMatchObject({ code: 'ENOSPC' });
    await write('next\n');
    expect(order).toEqual(['ab', '\nnext\n']);
  });

  it('starts no new line where a failure came between two', async () => {
    const { order, write } = setUp([2, 'ENOSPC']);
    await expect(write('a\nb\n')).rejects.toMatchObject({ code: 'ENOSPC' });
    await write('next\n');
    expect(order).toEqual(['a\n', 'next\n']);
  });

  it('rejects a write that takes nothing without saying why', async () => {
    await expect(setUp([0]).write('a\n')).rejects.toThrow(RangeError);
  });

  it('waits for the disk where someone waits for what is written', async () => {
    const { order, write } = setUp([]);
    await write('log\n');
    await write('record\n', true);
    expect(order).toEqual(['log\n', 'record\n', 'sync']);
  });

  it('waits for no disk where that is switched off', async () => {
    const { order, write } = setUp([], false);
    await write('record\n', true);
    expect(order).toEqual(['record\n']);
  });
});
