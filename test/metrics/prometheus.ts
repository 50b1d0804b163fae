import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

export const DEPLOY = new URL('../../deploy/', import.meta.url);

/** Runs Prometheus' own tool in `deploy/prometheus`. Rejects with what it says when it fails. */
export async function promtool(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('promtool', args, { cwd: new URL('prometheus/', DEPLOY) });
  return stdout;
}

/** A Prometheus on a port of its own that asks a gateway every second. */
export interface Prometheus {
  /** The values of an expression at the moment, one a series. */
  query(expression: string): Promise<readonly number[]>;
  /** The names of the alerts that fire. */
  firing(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** @param rules the text of the alert rules. @param target host and port of what it asks. */
export async function startPrometheus(folder: string, rules: string, target: string): Promise<Prometheus> {
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: ['alerts.yml'],
    scrape_configs: [{ job_name: 'itnio-gateway', static_configs: [{ targets: [target] }] }],
  };
  await writeFile(join(folder, 'alerts.yml'), rules);
  // JSON is YAML.
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const address = `127.0.0.1:${await findFreePort()}`;
  const child = spawn('prometheus', [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=${address}`,
  ]);
  await waitUntilReady(address, child);

  async function get(path: string) {
    const { status, data } = await (await fetch(`http://${address}/api/v1/${path}`)).json();
    if (status !== 'success') throw new Error(`Prometheus refuses ${path}`);
    return data;
  }

  return {
    async query(expression) {
      const { result } = await get(`query?query=${encodeURIComponent(expression)}`);
      return result.map(({ value }: { readonly value: [number, string] }) => Number(value[1]));
    },
    async firing() {
      const { alerts } = await get('alerts');
      return alerts
        .filter(({ state }: { readonly state: string }) => state === 'firing')
        .map(({ labels }: { readonly labels: { readonly alertname: string } }) => labels.alertname);
    },
    async close() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function waitUntilReady(address: string, child: ChildProcess): Promise<void> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  while (child.exitCode === null) {
    const reply = await fetch(`http://${address}/-/ready`).catch(() => undefined);
    if (reply?.ok) return;
    await delay(50);
  }
  throw new Error(`Prometheus has ended: ${said}`);
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
