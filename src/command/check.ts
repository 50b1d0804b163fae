import { lookup } from 'node:dns/promises';
import type { Config } from '../config/config.ts';
import { systemFiles } from '../config/files.ts';
import { findListenAddress } from '../config/host.ts';
import { readConfig } from '../config/read-config.ts';
import type { VariableRecord } from '../config/variables.ts';
import type { ExitCode } from './command.ts';

/** Says what the configuration comes to, secrets left out. */
export async function runCheck(environment: VariableRecord): Promise<ExitCode> {
  const config = readConfig(environment, systemFiles);
  const address = await findListenAddress(config, async (name) => (await lookup(name)).address);
  console.log(
    ['The configuration can be used.', ...describe(config, address).map((line) => `  ${line}`)].join('\n'),
  );
  return 0;
}

function describe({ port, upstream, callers, anonymousScopes }: Config, address: string): string[] {
  return [
    `listens on ${address}, port ${port}`,
    upstream === undefined ? 'serves its own sandbox' : `asks ${upstream.baseUrl}`,
    ...(upstream === undefined
      ? []
      : [`apps: ${upstream.apps === 'any' ? 'any' : upstream.apps.map(({ appId }) => appId).join(', ')}`]),
    `callers: ${callers.length === 0 ? 'none' : callers.map(({ name }) => name).join(', ')}`,
    `without a token: ${anonymousScopes === undefined ? 'nothing' : [...anonymousScopes].join(', ')}`,
  ];
}
