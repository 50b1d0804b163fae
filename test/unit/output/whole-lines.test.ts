import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { createDescriptorOutput } from '../../../src/output/descriptor-output.ts';
import { createLineWriter } from '../../../src/output/line-writer.ts';
import { createManualClock } from '../../support/manual-clock.ts';

/** What the system does with one write: takes a part of it, nothing now, or fails; a thread may take its time. */
const step = fc.record({
  share: fc.double({ min: 0.001, max: 1, noNaN: true }),
  fault: fc.option(fc.constantFrom('EAGAIN', 'EAGAIN', 'ENOSPC', 'EIO'), { freq: 2, nil: undefined }),
  latencyMs: fc.constantFrom(0, 0, 0, 3, 400),
});

const message = fc.record({
  kind: fc.constantFrom('log', 'audit'),
  size: fc.constantFrom(1, 80, 5_000, 70_000),
  pauseMs: fc.constantFrom(0, 0, 1, 90),
  patienceMs: fc.constantFrom(50, 5_000),
});

describe('lines through partial writes, faults and stalls', () => {
  it('are whole and in order where they were written, and each record that was confirmed is there', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 40 }),
        fc.array(message, { minLength: 1, maxLength: 25 }),
        async (steps, messages) => {
          const clock = createManualClock();
          let text = '';
          let calls = 0;
          async function writeSome(bytes: Buffer): Promise<number> {
            const { share, fault, latencyMs } = steps[calls++] ?? {
              share: 1,
              fault: undefined,
              latencyMs: 0,
            };
            if (latencyMs > 0) await new Promise<void>((resolve) => clock.startTimer(resolve, latencyMs));
            if (fault !== undefined) throw Object.assign(new Error(fault), { code: fault });
            const part = bytes.subarray(0, Math.max(1, Math.floor(bytes.length * share)));
            text += part.toString();
            return part.length;
          }
          const output = createDescriptorOutput(
            { writeSome, writeNow: () => undefined, sync: undefined },
            clock,
          );
          const writer = createLineWriter({ output, clock });
          const confirmed: number[] = [];
          for (const [id, { kind, size, pauseMs, patienceMs }] of messages.entries()) {
            const line = `${JSON.stringify({ id, filling: 'x'.repeat(size) })}\n`;
            if (kind === 'log') writer.writeLater(line);
            else
              writer.write(line, clock.monotonicNow() + patienceMs).then(
                () => confirmed.push(id),
                () => undefined,
              );
            await clock.advance(pauseMs);
          }
          await clock.advance(60_000);
          assertWhole(text, confirmed);
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** A line that a failure tore is no JSON; no other may be none. */
function assertWhole(text: string, confirmed: readonly number[]): void {
  const ids: number[] = [];
  for (const line of text.split('\n')) {
    const isWhole = line.startsWith('{"id":') && line.endsWith('"}');
    if (isWhole) ids.push(JSON.parse(line).id);
    else if (!'{"id":'.startsWith(line.slice(0, 6)) || /x\{/.test(line))
      throw new Error(`Two lines are mixed: ${line.slice(0, 200)}`);
  }
  for (const id of confirmed)
    if (!ids.includes(id)) throw new Error(`Record ${id} was confirmed and is not there.`);
  if (ids.some((id, index) => index > 0 && id <= (ids[index - 1] ?? -1)))
    throw new Error(`The order is lost: ${ids.join(' ')}`);
}
