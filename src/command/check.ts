import { lookup } from 'node:dns/promises';
import type { Config } from '../config/config.ts';
import { systemFiles } from '../config/files.ts';
import { findListenAddress } from '../config/host.ts';
import { findPasswordsOverHttp } from '../config/passwords-over-http.ts';
import { readConfig } from '../config/read-config.ts';
import type { VariableRecord } from '../config/variables.ts';
import type { App } from '../domain/app.ts';
import { assertTrustedDocuments } from '../gateway.ts';
import type { ExitCode } from './command.ts';

/** Says what the configuration comes to, secrets left out. */
export async function runCheck(environment: VariableRecord): Promise<ExitCode> {
  const config = readConfig(environment, systemFiles);
  assertTrustedDocuments(config);
  const address = await findListenAddress(config, async (name) => (await lookup(name)).address);
  console.log(
    ['The configuration can be used.', ...describe(config, address).map((line) => `  ${line}`)].join('\n'),
  );
  return 0;
}

function describeApp({ appId, name }: App): string {
  return name === null ? appId : `${appId} (${name})`;
}

function describe(config: Config, address: string): string[] {
  const { port, tls, upstream, callers, anonymousScopes } = config;
  return [
    `listens on ${address}, port ${port}, by ${tls === undefined ? 'http' : 'https'}`,
    ...(tls?.clientAuthorities === undefined ? [] : ['clients need a certificate']),
    ...(findPasswordsOverHttp(config, address) ? ['warning: passwords leave over plain HTTP'] : []),
    upstream === undefined ? 'serves its own sandbox' : `asks ${upstream.baseUrl}`,
    ...(upstream === undefined
      ? []
      : [`apps: ${upstream.apps === 'any' ? 'any' : upstream.apps.map(describeApp).join(', ')}`]),
    `callers: ${callers.length === 0 ? 'none' : callers.map(({ name }) => name).join(', ')}`,
    `without a token: ${anonymousScopes === undefined ? 'nothing' : [...anonymousScopes].join(', ')}`,
  ];
}
