import { describe, expect, it } from '@jest/globals';
import type { Config } from '../../../src/config/config.ts';
import { ConfigError } from '../../../src/config/config-error.ts';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { findPasswordsOverHttp } from '../../../src/config/passwords-over-http.ts';
import { planReload } from '../../../src/config/plan-reload.ts';
import { readConfigSource } from '../../../src/config/read-config.ts';
import type { VariableRecord } from '../../../src/config/variables.ts';
import { createSelfSignedCertificate } from '../../support/untrusted-server.ts';

const first = createSelfSignedCertificate();
const second = createSelfSignedCertificate();
const FILES: Readonly<Record<string, string>> = {
  cert: first.cert,
  key: first.key,
  cert2: second.cert,
  key2: second.key,
  nonsense: 'nonsense',
  both: `subject=CN = first\n${first.cert}\n${second.cert}`,
  'half-read': first.cert + second.cert.replace('MII', 'MIX').slice(0, 200),
  'with-key': first.cert + first.key,
};

function read(path: string): Uint8Array {
  const content = FILES[path];
  if (content === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
  return Buffer.from(content);
}

function findMistakes(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

describe('TLS_CERT_FILE and TLS_KEY_FILE', () => {
  it('are a pair', () => {
    const { tls } = parseConfig({ TLS_CERT_FILE: 'cert', TLS_KEY_FILE: 'key' }, read);
    expect(tls?.certificate).toBe(first.cert);
    expect(tls?.key.reveal()).toBe(first.key);
    expect(parseConfig({}, read).tls).toBeUndefined();
  });

  it.each<[VariableRecord, string]>([
    [{ TLS_CERT_FILE: 'cert' }, 'TLS_KEY_FILE: missing; TLS_CERT_FILE and TLS_KEY_FILE come together'],
    [{ TLS_KEY_FILE: 'key' }, 'TLS_CERT_FILE: missing; TLS_CERT_FILE and TLS_KEY_FILE come together'],
    [{ TLS_CERT_FILE: 'gone', TLS_KEY_FILE: 'key' }, 'TLS_CERT_FILE: the file cannot be read (ENOENT)'],
    [{ TLS_CERT_FILE: 'cert', TLS_KEY_FILE: 'gone' }, 'TLS_KEY_FILE: the file cannot be read (ENOENT)'],
    [
      { TLS_CERT_FILE: 'nonsense', TLS_KEY_FILE: 'key' },
      'TLS_CERT_FILE: expected a certificate in PEM, and those that vouch for it below',
    ],
    [
      { TLS_CERT_FILE: 'cert', TLS_KEY_FILE: 'nonsense' },
      'TLS_KEY_FILE: expected a private key in PEM, without a passphrase',
    ],
    [
      { TLS_CERT_FILE: 'cert', TLS_KEY_FILE: 'key2' },
      'TLS_KEY_FILE: not the key of the certificate in TLS_CERT_FILE',
    ],
  ])('%j is refused', (record, mistake) => {
    expect(findMistakes(() => parseConfig(record, read))).toEqual([mistake]);
  });

  const source = (environment: VariableRecord) =>
    readConfigSource(environment, { read, exists: () => false });
  const started = source({ TLS_CERT_FILE: 'cert', TLS_KEY_FILE: 'key' });

  it('are taken over by a running gateway', () => {
    const next = source({ TLS_CERT_FILE: 'cert2', TLS_KEY_FILE: 'key2' });
    const { config, changed } = planReload(started, started, next);
    expect(config.tls?.certificate).toBe(second.cert);
    expect(changed).toEqual(['TLS_CERT_FILE', 'TLS_KEY_FILE']);
  });

  it('need a restart to come or to go', () => {
    const gone = planReload(started, started, source({}));
    expect(gone.config.tls?.certificate).toBe(first.cert);
    expect(gone.needsRestart).toEqual(['TLS_CERT_FILE', 'TLS_KEY_FILE']);
    const plain = source({});
    expect(planReload(plain, plain, started).config.tls).toBeUndefined();
  });
});

describe('TLS_CLIENT_CA_FILE', () => {
  const pair = { TLS_CERT_FILE: 'cert', TLS_KEY_FILE: 'key' };

  it('holds one authority or more', () => {
    const { tls } = parseConfig({ ...pair, TLS_CLIENT_CA_FILE: 'both' }, read);
    expect(tls?.clientAuthorities).toBe(FILES['both']);
    expect(parseConfig(pair, read).tls?.clientAuthorities).toBeUndefined();
  });

  const expected = 'TLS_CLIENT_CA_FILE: expected whole certificates in PEM, and no key';
  it.each<[VariableRecord, string]>([
    [
      { TLS_CLIENT_CA_FILE: 'both' },
      'TLS_CLIENT_CA_FILE: needs TLS_CERT_FILE and TLS_KEY_FILE, since certificates are shown by HTTPS only',
    ],
    [{ ...pair, TLS_CLIENT_CA_FILE: 'gone' }, 'TLS_CLIENT_CA_FILE: the file cannot be read (ENOENT)'],
    [{ ...pair, TLS_CLIENT_CA_FILE: 'nonsense' }, expected],
    [{ ...pair, TLS_CLIENT_CA_FILE: 'half-read' }, expected],
    [{ ...pair, TLS_CLIENT_CA_FILE: 'with-key' }, expected],
    [{ ...pair, TLS_CLIENT_CA_FILE: 'key' }, expected],
  ])('%j is refused', (record, mistake) => {
    expect(findMistakes(() => parseConfig(record, read))).toEqual([mistake]);
  });

  const source = (environment: VariableRecord) =>
    readConfigSource(environment, { read, exists: () => false });
  const started = source({ ...pair, TLS_CLIENT_CA_FILE: 'cert' });

  it('changes while the gateway runs, and needs a restart to come or to go', () => {
    const { config, changed } = planReload(started, started, source({ ...pair, TLS_CLIENT_CA_FILE: 'both' }));
    expect([config.tls?.clientAuthorities, changed]).toEqual([FILES['both'], ['TLS_CLIENT_CA_FILE']]);
    const gone = planReload(started, started, source(pair));
    expect([gone.config.tls?.clientAuthorities, gone.needsRestart]).toEqual([
      first.cert,
      ['TLS_CLIENT_CA_FILE'],
    ]);
    const without = source(pair);
    const come = planReload(without, without, started);
    expect([come.config.tls?.clientAuthorities, come.needsRestart]).toEqual([
      undefined,
      ['TLS_CLIENT_CA_FILE'],
    ]);
  });
});

describe('PASSWORDS_OVER_HTTP', () => {
  const callers = (scope: string) =>
    JSON.stringify([{ name: 'web', tokenSha256: 'ab'.repeat(32), scopes: [scope] }]);
  const ACCOUNT = { ITNIO_API_KEY: 'key', ITNIO_API_SECRET: 'secret', ITNIO_APPS: 'a' };
  const exposed = { ...ACCOUNT, HOST: '0.0.0.0', CALLERS: callers('passwords:read') };
  const jwt = { JWT_ISSUER: 'https://a.example', JWT_AUDIENCE: 'a', JWT_JWKS_URL: 'https://a.example/keys' };
  const find = (record: VariableRecord, address = '0.0.0.0'): boolean => {
    const config: Config = parseConfig(record, read);
    return findPasswordsOverHttp(config, address);
  };

  it.each<[string, VariableRecord]>([
    ['a caller may read them', exposed],
    ['a JWT may bring the scope', { ...ACCOUNT, HOST: '0.0.0.0', ...jwt }],
  ])('is a warning, or a refusal, where %s', (_, record) => {
    expect(find(record)).toBe(true);
    expect(findMistakes(() => find({ ...record, PASSWORDS_OVER_HTTP: 'refuse' }))).toEqual([
      'PASSWORDS_OVER_HTTP: refuse, and 0.0.0.0 can be reached by others over plain HTTP; set TLS_CERT_FILE and TLS_KEY_FILE, or PASSWORDS=off',
    ]);
  });

  it.each<[string, VariableRecord, string]>([
    ['there is TLS', { ...exposed, TLS_CERT_FILE: 'cert', TLS_KEY_FILE: 'key' }, '0.0.0.0'],
    ['this machine alone can ask', exposed, '127.0.0.1'],
    ['nobody may read them', { ...exposed, CALLERS: callers('phones:read') }, '0.0.0.0'],
    ['there are none in the graph', { ...exposed, PASSWORDS: 'off' }, '0.0.0.0'],
    ['they are made up', { HOST: '0.0.0.0' }, '0.0.0.0'],
  ])('has nothing to say where %s', (_, record, address) => {
    expect(find({ ...record, PASSWORDS_OVER_HTTP: 'refuse' }, address)).toBe(false);
  });

  it('is one of two words', () => {
    expect(findMistakes(() => parseConfig({ PASSWORDS_OVER_HTTP: 'no' }, read))).toEqual([
      'PASSWORDS_OVER_HTTP: expected one of warn, refuse',
    ]);
  });
});
