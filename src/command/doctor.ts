import manifest from '../../package.json' with { type: 'json' };
import { systemFiles } from '../config/files.ts';
import { readConfig } from '../config/read-config.ts';
import type { VariableRecord } from '../config/variables.ts';
import { examine } from '../doctor/examine.ts';
import type { Finding } from '../doctor/finding.ts';
import { examineIdentityProvider } from '../doctor/identity.ts';
import { createProbe } from '../doctor/probe.ts';
import { systemClock } from '../domain/clock.ts';
import { findAppIdFault } from '../domain/identifier.ts';
import { createFetchKeys } from '../gateway.ts';
import { type CommandInput, type ExitCode, UsageError } from './command.ts';

const SIGNS: Readonly<Record<Finding['severity'], string>> = { ok: 'well', warning: 'note', error: 'WRONG' };

/** Asks the vendor as the gateway would, and prints what is wrong, what to do and who can: a report without a secret. */
export async function runDoctor(
  values: CommandInput['values'],
  environment: VariableRecord,
): Promise<ExitCode> {
  const named = readAppId(values['app']);
  const { upstream, proxyUrl, jwt } = readConfig(environment, systemFiles);
  console.log(
    `itnio-gateway ${manifest.version} on Node ${process.versions.node}, ${new Date().toISOString()}`,
  );
  if (upstream === undefined) {
    console.log(
      'No vendor account is configured: the gateway serves its own sandbox, and nobody has to be asked.',
    );
    return 0;
  }
  const appIds = findAppIds(named, upstream.apps === 'any' ? [] : upstream.apps.map(({ appId }) => appId));
  console.log(`Asks ${upstream.baseUrl}\n`);
  const { probe, close } = createProbe({ ...upstream, proxyUrl }, systemClock);
  const findings = await examine({
    probe,
    baseUrl: upstream.baseUrl,
    appIds,
    proxy: findProxy(environment),
    readsOrder: values['order'] === true,
  });
  close();
  if (jwt !== undefined) findings.push(await examineIdentityProvider(createFetchKeys(jwt), jwt.jwksUrl));
  console.log(findings.map(print).join('\n'));
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}

function readAppId(named: string | true | undefined): string | undefined {
  if (typeof named !== 'string') return undefined;
  const fault = findAppIdFault(named);
  if (fault !== undefined) throw new UsageError(`--app: an app id ${fault}.`);
  return named;
}

function findAppIds(named: string | undefined, served: readonly string[]): readonly string[] {
  if (named !== undefined) return [named];
  if (served.length === 0) throw new UsageError('ITNIO_APPS is "*", so --app has to name one.');
  return served;
}

function findProxy(environment: VariableRecord): string | undefined {
  return ['HTTPS_PROXY', 'https_proxy'].find((name) => (environment[name] ?? '') !== '');
}

function print({ severity, cause, remedy, who }: Finding): string {
  const lines = [`${SIGNS[severity].padEnd(7)}${cause}`];
  if (remedy !== undefined) lines.push(`       To do: ${remedy}`);
  if (who !== undefined) lines.push(`       Who: ${who}.`);
  return lines.join('\n');
}
