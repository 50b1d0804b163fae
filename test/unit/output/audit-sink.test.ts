import { describe, expect, it } from '@jest/globals';
import { createAuditSink } from '../../../src/output/audit-sink.ts';

const record = {
  time: '2026-01-01T00:00:00.000Z',
  requestId: 'r1',
  clientRequestId: undefined,
  trace_id: undefined,
  clientAddress: '10.0.0.7',
  caller: 'ops',
  token: undefined,
  appId: 'a',
  accounts: ['1'],
  read: ['1'],
  failed: [],
  refused: [],
};

describe('createAuditSink', () => {
  it('numbers the records of one start of the process, so that a gap shows', async () => {
    const written: string[] = [];
    const failures = [undefined, new Error('full')];
    let ids = 0;
    const sink = createAuditSink({
      randomId: () => `id${ids++}`,
      writer: {
        async write(lines, deadlineAt) {
          const failure = failures.shift();
          if (failure !== undefined) throw failure;
          written.push(`${deadlineAt} ${lines}`);
        },
      },
    });
    await sink.write([record, record], 8000);
    await expect(sink.write([record], 8000)).rejects.toThrow('full');
    await sink.write([record], 9000);
    const line = (id: string, sequence: number) =>
      `{"audit":true,"id":"${id}","boot":"id0","sequence":${sequence},"time":"2026-01-01T00:00:00.000Z","requestId":"r1","clientAddress":"10.0.0.7","caller":"ops","appId":"a","accounts":["1"],"read":["1"],"failed":[],"refused":[]}\n`;
    expect(written).toEqual([`8000 ${line('id1', 1)}${line('id2', 2)}`, `9000 ${line('id4', 4)}`]);
  });
});
