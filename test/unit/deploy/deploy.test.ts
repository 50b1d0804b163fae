import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { parseConfig, VARIABLES } from '../../../src/config/parse-config.ts';

const DEPLOY = new URL('../../../deploy/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, DEPLOY), 'utf8');

/** What the image sets, over which the manifests set theirs. */
function readImageVariables(): Record<string, string> {
  const [, line = ''] = /^ENV (.+)$/m.exec(read('Dockerfile')) ?? [];
  return Object.fromEntries(line.split(' ').map((pair) => pair.split('=')));
}

const CALLERS = JSON.stringify([{ name: 'web', tokenSha256: 'ab'.repeat(32), scopes: ['phones:read'] }]);

/** What whoever deploys puts into the secret. */
const SECRETS: Readonly<Record<string, string>> = {
  '/run/itnio/api-key': 'key',
  '/run/itnio/api-secret': 'secret',
  '/run/itnio/cursor-keys': 'k'.repeat(32),
  '/run/itnio/callers.json': CALLERS,
};

function parseWithSecrets(variables: Readonly<Record<string, string>>) {
  return parseConfig(variables, (path) => {
    const text = SECRETS[path];
    if (text === undefined) throw new Error(`There is no secret ${path}.`);
    return Buffer.from(text);
  });
}

describe('the image', () => {
  it('runs the packed file as a user who owns nothing of it', () => {
    const text = read('Dockerfile');
    expect(text).toMatch(/^USER node$/m);
    expect(text).toMatch(/^COPY --from=package --chown=root:root .* \/opt\/itnio-gateway$/m);
    expect(text).toMatch(/^ENTRYPOINT \["node", "\/opt\/itnio-gateway\/dist\/main\.js"\]$/m);
    expect(text).toMatch(/^HEALTHCHECK /m);
  });

  it('keeps the young generation as small as `npm start` does', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('../package.json', DEPLOY), 'utf8'));
    const setting = '--max-semi-space-size=8';
    expect(scripts.start).toContain(`node ${setting} dist/main.js start`);
    expect(read('Dockerfile')).toMatch(new RegExp(`^ENV .* NODE_OPTIONS=${setting}$`, 'm'));
  });

  it('does not start open to everyone: it wants callers', () => {
    expect(() =>
      parseWithSecrets({
        ...readImageVariables(),
        ITNIO_API_KEY: 'k',
        ITNIO_API_SECRET: 's',
        ITNIO_APPS: 'a',
      }),
    ).toThrow('HOST: 0.0.0.0 can be reached by others and no callers are configured');
  });

  it('takes no secret of the one who builds it along', () => {
    const ignored = readFileSync(new URL('../.dockerignore', DEPLOY), 'utf8').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.env', 'callers.json', '.git', 'node_modules']));
  });
});

describe('compose.yaml', () => {
  const { services } = parse(read('compose/compose.yaml'));

  it('sets what the gateway can be started with, in front of a sandbox on another host', () => {
    const config = parseWithSecrets({ ...readImageVariables(), ...services.gateway.environment });
    expect(config).toMatchObject({ host: '0.0.0.0', port: 4000, graphiql: true, metricsPort: 9464 });
    expect(config.upstream?.baseUrl).toBe('http://sandbox:4100/voice');
    expect(services.sandbox).toMatchObject({
      command: ['sandbox'],
      environment: { HOST: '0.0.0.0', PORT: '4100' },
    });
  });

  it.each(['gateway', 'sandbox'])('lets %s write nothing and have no privilege', (name) => {
    expect(services[name]).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  });

  it('is opened to this machine only', () => {
    for (const { ports = [] } of Object.values<{ ports?: string[] }>(services))
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('mounts files that exist, and scrapes the gateway', () => {
    for (const volume of services.prometheus.volumes)
      expect(existsSync(new URL(volume.split(':')[0], new URL('compose/', DEPLOY)))).toBe(true);
    const { scrape_configs } = parse(read('compose/prometheus.yml'));
    expect(scrape_configs[0].static_configs[0].targets).toEqual(['gateway:9464']);
  });
});

describe('the manifests for Kubernetes', () => {
  const { spec } = parse(read('kubernetes/deployment.yaml'));
  const pod = spec.template.spec;
  const [container] = pod.containers;
  const variables: Record<string, string> = Object.fromEntries(
    container.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
  );

  it('set what the gateway can be started with, and every secret as a file', () => {
    const config = parseWithSecrets({ ...readImageVariables(), ...variables });
    expect(config).toMatchObject({
      production: true,
      host: '0.0.0.0',
      shutdownGraceMs: 5000,
      metricsPort: 9464,
    });
    expect(config.callers).toHaveLength(1);
    const secrets = ['ITNIO_API_KEY', 'ITNIO_API_SECRET', 'CURSOR_KEYS', 'CALLERS'];
    expect(Object.keys(variables).filter((name) => secrets.includes(name))).toEqual([]);
    const known: readonly string[] = [...VARIABLES, 'NODE_OPTIONS'];
    expect(Object.keys(variables).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('give the process longer to drain than it takes', () => {
    const graceMs = Number(variables['SHUTDOWN_GRACE_MS']);
    expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThan(10_000 + graceMs);
  });

  it('let it run as nobody in particular, on a file system that it cannot write', () => {
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('ask the probes that it has, at its port', () => {
    expect(container.readinessProbe.httpGet).toEqual({ path: '/ready', port: 'http' });
    expect(container.livenessProbe.httpGet).toEqual({ path: '/live', port: 'http' });
    expect(container.ports).toContainEqual({ name: 'http', containerPort: 4000 });
  });

  it('mean the same pods', () => {
    const labels = { 'app.kubernetes.io/name': 'itnio-gateway' };
    expect(spec.template.metadata.labels).toEqual(labels);
    expect(spec.selector.matchLabels).toEqual(labels);
    expect(parse(read('kubernetes/service.yaml')).spec.selector).toEqual(labels);
    expect(parse(read('kubernetes/disruption-budget.yaml')).spec).toEqual({
      minAvailable: 1,
      selector: { matchLabels: labels },
    });
  });

  it('are all applied', () => {
    const { resources, images } = parse(read('kubernetes/kustomization.yaml'));
    const { version } = JSON.parse(readFileSync(new URL('../package.json', DEPLOY), 'utf8'));
    expect(resources).toEqual(['deployment.yaml', 'service.yaml', 'disruption-budget.yaml']);
    expect(images).toEqual([{ name: 'itnio-gateway', newTag: version }]);
  });
});
