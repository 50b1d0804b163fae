import { randomUUID } from 'node:crypto';
import type { Config } from '../../src/config/config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { createSettings } from '../../src/config/settings.ts';
import type { VariableRecord } from '../../src/config/variables.ts';
import { Secret } from '../../src/domain/secret.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { createGatewayServer } from '../../src/http/server.ts';
import type { AuditRecord, AuditSink } from '../../src/output/audit-sink.ts';
import type { SandboxAppContent } from '../../src/sandbox/apps.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';

interface LogLine {
  readonly level: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** A gateway on a port of its own, in front of a sandbox of its own. */
export interface ServedGateway {
  readonly origin: string;
  readonly url: string;
  readonly sandbox: Sandbox;
  /** Everything logged so far, at every level. */
  readonly lines: readonly LogLine[];
  /** What the lines say that stand for one request each. */
  readonly requests: () => LogLine['evidence'][];
  readonly auditRecords: readonly AuditRecord[];
  post(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  /** Replaces variables of the configuration, as a signal to a process does. */
  reconfigure(variables: VariableRecord, config?: Partial<Config>): void;
  /** The gateway itself, without its server. */
  readonly gateway: Gateway;
  /** Drains the server without closing anything else. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there.
  readonly json: any;
}

export interface ServedGatewayOptions {
  /** Variables of the configuration. With ITNIO_API_KEY the sandbox's address and apps are filled in. */
  readonly variables?: VariableRecord;
  readonly config?: Partial<Config>;
  readonly auditSink?: AuditSink;
  /** Default: this machine alone can reach it. */
  readonly listenAddress?: '0.0.0.0';
  /** What the sandbox serves. Default: what it serves to a newcomer. */
  readonly apps?: readonly SandboxAppContent[];
}

export async function serveGateway(options: ServedGatewayOptions = {}): Promise<ServedGateway> {
  const sandbox = createSandbox(options.apps === undefined ? {} : { apps: options.apps });
  await sandbox.listen();
  const config = { ...readConfig(options.variables ?? {}, sandbox), ...options.config };
  const settings = createSettings(config);
  const lines: LogLine[] = [];
  const note = (level: string) => (evidence: object, message: string) =>
    lines.push({ level, evidence: { ...evidence }, message });
  const auditRecords: AuditRecord[] = [];
  const { baseUrl, apps, credentials } = sandbox;
  const log = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };
  const gateway = createGateway({
    settings,
    upstream: config.upstream ?? {
      baseUrl,
      apps,
      apiKey: new Secret(credentials.apiKey),
      apiSecret: new Secret(credentials.apiSecret),
    },
    log,
    auditSink: options.auditSink ?? { write: async (records) => void auditRecords.push(...records) },
  });
  const server = createGatewayServer({ settings, gateway, randomId: randomUUID, log });
  const { protocol, port } = new URL(await server.listen(0, options.listenAddress ?? '127.0.0.1'));
  const origin = `${protocol}//127.0.0.1:${port}`;
  const url = `${origin}/graphql`;

  return {
    origin,
    url,
    sandbox,
    lines,
    gateway,
    requests: () => lines.filter(({ message }) => message === 'Request.').map(({ evidence }) => evidence),
    auditRecords,
    post: async (body, headers = {}) =>
      readReply(
        await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
      ),
    get: async (path, headers = {}) => readReply(await fetch(origin + path, { headers, redirect: 'manual' })),
    reconfigure(variables, changes) {
      settings.replace({
        ...readConfig({ ...options.variables, ...variables }, sandbox),
        ...options.config,
        ...changes,
      });
      server.renewCertificate();
    },
    drain: server.drain,
    async close() {
      await server.drain();
      await gateway.dispose();
      await sandbox.close();
    },
  };
}

function readConfig(variables: VariableRecord, sandbox: Sandbox): Config {
  const hasCredentials = variables['ITNIO_API_KEY'] !== undefined;
  return parseConfig(
    {
      SHUTDOWN_GRACE_MS: '0',
      ...(hasCredentials ? { ITNIO_BASE_URL: sandbox.baseUrl, ITNIO_APPS: '4luaKsL2=Sample' } : {}),
      ...variables,
    },
    () => {
      throw new Error('Tests read no files.');
    },
  );
}

async function readReply(response: Response): Promise<Reply> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  };
}
