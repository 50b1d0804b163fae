import type { VariableRecord } from '../config/variables.ts';
import { createSandbox, type Sandbox } from '../sandbox/sandbox.ts';
import type { ExitCode } from './command.ts';

const DEFAULT_PORT = 4100;

/** How long a second signal may come after the first, in milliseconds: a process group and npm can each deliver one. */
const SECOND_SIGNAL_MS = 100;

/** Runs the stand-in of the vendor until a signal ends it. An empty variable counts as absent. */
export async function runSandbox({ PORT = '', HOST = '', SEED = '' }: VariableRecord): Promise<ExitCode> {
  const sandbox = createSandbox(SEED === '' ? {} : { seed: SEED });
  try {
    if (!/^\d{0,5}$/.test(PORT) || Number(PORT) > 65_535)
      throw new TypeError('PORT: expected a whole number from 0 to 65535.');
    await sandbox.listen({
      port: PORT === '' ? DEFAULT_PORT : Number(PORT),
      ...(HOST === '' ? {} : { host: HOST }),
    });
  } catch (error) {
    // A port that is taken or is none: one plain line.
    console.error(`The sandbox cannot start: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
  for (const signal of ['SIGTERM', 'SIGINT'])
    process.on(signal, () => {
      void sandbox.close();
      // A signal that finds nobody listening any more would end the process with its own code.
      setTimeout(() => undefined, SECOND_SIGNAL_MS);
    });
  console.log(describe(sandbox));
  return 0;
}

function describe({ baseUrl, controlUrl, credentials, apps }: Sandbox): string {
  const { apiKey, apiSecret } = credentials;
  const appIds = apps.map(({ appId }) => appId).join(', ');
  return `Itnio sandbox on ${baseUrl} · key ${apiKey}, secret ${apiSecret} · apps ${appIds} · control ${controlUrl}`;
}
