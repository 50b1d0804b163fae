import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createFileAuditSink, createStreamAuditSink } from '../../../src/plugins/audit-sink.ts';

const record = {
  time: '2026-01-01T00:00:00.000Z',
  requestId: 'r1',
  caller: 'ops',
  appId: 'a',
  accounts: ['1', '2'],
};
const LINE =
  '{"audit":true,"time":"2026-01-01T00:00:00.000Z","requestId":"r1","caller":"ops","appId":"a","accounts":["1","2"]}\n';

describe('createStreamAuditSink', () => {
  it('writes a marked line a record', async () => {
    let written = '';
    const stream = new Writable({
      write(chunk, _, done) {
        written += chunk;
        done();
      },
    });
    await createStreamAuditSink(stream).write([record, record]);
    expect(written).toBe(LINE + LINE);
  });

  it('rejects when the stream does not take it', async () => {
    const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('full')) });
    await expect(createStreamAuditSink(stream).write([record])).rejects.toThrow('full');
  });
});

describe('createFileAuditSink', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'audit-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('appends to a file that only its owner can read', async () => {
    const path = join(folder, 'audit.log');
    const sink = createFileAuditSink(path);
    await sink.write([record]);
    await sink.write([record]);
    expect(await readFile(path, 'utf8')).toBe(LINE + LINE);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('makes its file where there is nothing to write yet', async () => {
    const path = join(folder, 'audit.log');
    await createFileAuditSink(path).write([]);
    expect(await readFile(path, 'utf8')).toBe('');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('rejects when the file cannot be written', async () => {
    await expect(createFileAuditSink(join(folder, 'no', 'audit.log')).write([record])).rejects.toThrow(
      'ENOENT',
    );
  });
});
