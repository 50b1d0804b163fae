import { createSandbox, type Sandbox } from './sandbox.ts';

const DEFAULT_PORT = 4100;

const { PORT = '', SEED } = process.env;
const sandbox = createSandbox(SEED === undefined ? {} : { seed: SEED });

try {
  if (process.argv.length > 2) throw new TypeError('there are no arguments; set PORT and SEED.');
  if (!/^\d{0,5}$/.test(PORT)) throw new TypeError('PORT: expected a whole number from 0 to 65535.');
  // `PORT=` is how a file of variables leaves it open.
  await sandbox.listen({ port: PORT === '' ? DEFAULT_PORT : Number(PORT) });
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void sandbox.close());
  console.log(describe(sandbox));
} catch (error) {
  // A port that is taken or is none: one plain line.
  console.error(`The sandbox cannot start: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

function describe({ baseUrl, controlUrl, credentials, apps }: Sandbox): string {
  const { apiKey, apiSecret } = credentials;
  const appIds = apps.map(({ appId }) => appId).join(', ');
  return `Itnio sandbox on ${baseUrl} · key ${apiKey}, secret ${apiSecret} · apps ${appIds} · control ${controlUrl}`;
}
