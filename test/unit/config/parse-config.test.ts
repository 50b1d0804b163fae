import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../../src/config/config-error.ts';
import { parseConfig, VARIABLES } from '../../../src/config/parse-config.ts';
import type { VariableRecord } from '../../../src/config/variables.ts';

const CREDENTIALS = { ITNIO_API_KEY: 'bDqJFiq9', ITNIO_API_SECRET: '7bz1lzh9', ITNIO_APPS: '4luaKsL2' };
const NEW_KEY = 'new'.padEnd(32, '1');
const OLD_KEY = 'old'.padEnd(32, '0');
const CALLER = { name: 'web', tokenSha256: 'ab'.repeat(32), scopes: ['phones:read'] };

function parse(record: VariableRecord, files: Readonly<Record<string, string | Uint8Array>> = {}) {
  return parseConfig(record, (path) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
    return typeof text === 'string' ? Buffer.from(text) : text;
  });
}

function findMistakes(
  record: VariableRecord,
  files?: Readonly<Record<string, string | Uint8Array>>,
): readonly string[] {
  try {
    parse(record, files);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

describe('parseConfig', () => {
  it('serves the sandbox, open to everyone, when nothing is set', () => {
    expect(parse({})).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 4000,
      upstream: undefined,
      callers: [],
      anonymousScopes: new Set(['phones:read', 'passwords:read']),
      corsOrigins: [],
      trustedProxies: [],
      itnioTransport: 'node-fetch',
      proxyUrl: undefined,
      phonesCacheTtlMs: 2000,
      requestTimeoutMs: 8000,
      shutdownGraceMs: 500,
      logLevel: 'info',
      auditLog: undefined,
      graphiql: true,
      anonymousIntrospection: true,
    });
  });

  it('gives a frozen configuration', () => {
    expect(Object.isFrozen(parse({}))).toBe(true);
  });

  it('takes an empty variable for an absent one', () => {
    expect(parse({ PORT: '', ITNIO_API_KEY: ' ' }).port).toBe(4000);
  });

  describe('with credentials', () => {
    it('fronts the vendor', () => {
      expect(parse(CREDENTIALS).upstream).toMatchObject({
        baseUrl: 'https://api.itniotech.com/voice',
        apps: [{ appId: '4luaKsL2', name: null }],
      });
    });

    it('reads them from files, without the line break at the end', () => {
      const { upstream } = parse(
        { ITNIO_API_KEY_FILE: '/run/key', ITNIO_API_SECRET_FILE: '/run/secret', ITNIO_APPS: '*' },
        { '/run/key': 'bDqJFiq9\n', '/run/secret': '7bz1lzh9\n' },
      );
      expect([upstream?.apiKey.reveal(), upstream?.apiSecret.reveal()]).toEqual(['bDqJFiq9', '7bz1lzh9']);
    });

    it('lets anyone on this machine read phones, and nobody passwords', () => {
      expect(parse(CREDENTIALS).anonymousScopes).toEqual(new Set(['phones:read']));
    });

    it('shows no secret when it is inspected or logged', () => {
      const config = parse({ ...CREDENTIALS, CURSOR_KEYS: 'a-cursor-key-of-thirty-two-letters' });
      const shown = inspect(config, { depth: null, showHidden: true }) + JSON.stringify(config);
      expect(shown).not.toMatch(/bDqJFiq9|7bz1lzh9|a-cursor-key/);
    });
  });

  describe('ITNIO_APPS', () => {
    it('names apps by id=Name', () => {
      expect(parse({ ...CREDENTIALS, ITNIO_APPS: 'a=Sales = South, b ,c=' }).upstream?.apps).toEqual([
        { appId: 'a', name: 'Sales = South' },
        { appId: 'b', name: null },
        { appId: 'c', name: null },
      ]);
    });

    it('passes any app on for *', () => {
      expect(parse({ ...CREDENTIALS, ITNIO_APPS: '*' }).upstream?.apps).toBe('any');
    });
  });

  describe('CALLERS', () => {
    it('closes the gateway to callers without a token', () => {
      const config = parse({ CALLERS: JSON.stringify([{ ...CALLER, apps: ['a'] }]) });
      expect(config.anonymousScopes).toBeUndefined();
      expect(config.callers).toEqual([
        {
          name: 'web',
          tokens: [{ sha256: Buffer.alloc(32, 0xab) }],
          scopes: new Set(['phones:read']),
          appIds: new Set(['a']),
        },
      ]);
    });

    it('leaves callers without a token what ANONYMOUS_SCOPES says', () => {
      const config = parse({ CALLERS: JSON.stringify([CALLER]), ANONYMOUS_SCOPES: 'phones:read' });
      expect(config.anonymousScopes).toEqual(new Set(['phones:read']));
    });

    it('may name several tokens for one caller, each with a label and an end', () => {
      const tokenSha256 = [
        'ab'.repeat(32),
        { sha256: 'cd'.repeat(32), label: '2027-01', expiresAt: '2027-01-31T01:00+01:00' },
        { sha256: 'ef'.repeat(32), expiresAt: '2028-02-29T23:59:59.5Z' },
      ];
      const callers = [{ ...CALLER, tokenSha256, expiresAt: '2027-06-01T00:00:00Z' }];
      expect(parse({ CALLERS: JSON.stringify(callers) }).callers[0]?.tokens).toEqual([
        { sha256: Buffer.alloc(32, 0xab), expiresAt: Date.UTC(2027, 5, 1) },
        { sha256: Buffer.alloc(32, 0xcd), label: '2027-01', expiresAt: Date.UTC(2027, 0, 31) },
        { sha256: Buffer.alloc(32, 0xef), expiresAt: Date.UTC(2027, 5, 1) },
      ]);
    });

    it('may have limits of its own', () => {
      const limits = { callsPerMinute: 600, passwordReadsPerHour: 50, trustedDocumentsExempt: true };
      expect(parse({ CALLERS: JSON.stringify([{ ...CALLER, ...limits }]) }).callers).toMatchObject([limits]);
    });

    it.each<[object, string]>([
      [{ tokenSha256: [] }, '0.tokenSha256: 1 to 20 hashes expected'],
      [{ tokenSha256: 'x' }, '0.tokenSha256: 64 hexadecimal digits expected'],
      [{ tokenSha256: ['x'] }, '0.tokenSha256.0: 64 hexadecimal digits expected'],
      [{ tokenSha256: [{ sha256: 'x' }] }, '0.tokenSha256.0.sha256: 64 hexadecimal digits expected'],
      [
        { tokenSha256: [CALLER.tokenSha256, CALLER.tokenSha256.toUpperCase()] },
        '0.tokenSha256.1: the same as 0.tokenSha256.0',
      ],
      [
        { expiresAt: '2027-01-31' },
        '0.expiresAt: a date, a time and a zone expected, such as 2027-01-31T00:00:00Z',
      ],
      [
        { expiresAt: '2027-02-30T00:00:00Z' },
        '0.expiresAt: a date, a time and a zone expected, such as 2027-01-31T00:00:00Z',
      ],
      [{ callsPerMinute: 0 }, '0.callsPerMinute: expected 1 at least'],
      [{ callsPerMinute: '600' }, '0.callsPerMinute: expected a number'],
      [{ passwordReadsPerHour: 1.5 }, '0.passwordReadsPerHour: expected a whole number'],
      [{ callsPerMinute: 1_000_001 }, '0.callsPerMinute: expected 1000000 at most'],
      [{ expiresat: '2027-01-31T00:00:00Z' }, '0: there is no "expiresat"; is "expiresAt" meant?'],
      [{ token: 'canary' }, '0: there is no "token"; is "tokenSha256" meant?'],
      [{ note: 'canary' }, '0: there is no "note"'],
      [{ name: undefined }, '0.name: missing'],
      [{ name: 7 }, '0.name: expected a text'],
      [{ tokenSha256: undefined }, '0.tokenSha256: missing'],
      [{ tokenSha256: 5 }, '0.tokenSha256: expected a text'],
      [
        { tokenSha256: [{ sha256: 'ab'.repeat(32), lable: 'x' }] },
        '0.tokenSha256.0: there is no "lable"; is "label" meant?',
      ],
      [{ tokenSha256: [{ label: 'x' }] }, '0.tokenSha256.0.sha256: missing'],
      [{ scopes: ['phones.read'] }, '0.scopes.0: expected one of phones:read, passwords:read'],
      [{ scopes: 'phones:read' }, '0.scopes: expected a list'],
      [{ scopes: [] }, '0.scopes: expected one at least'],
      [{ forwardsUser: 'yes' }, '0.forwardsUser: expected true or false'],
    ])('refuses a caller with %j', (part, fault) => {
      expect(findMistakes({ CALLERS: JSON.stringify([{ ...CALLER, ...part }]) })).toEqual([
        `CALLERS: ${fault}`,
      ]);
    });

    it('refuses a label that a caller has twice, and lets two callers have one', () => {
      const [first, second] = ['ab', 'cd'].map((byte) => ({ sha256: byte.repeat(32), label: 'old' }));
      const twice = [{ ...CALLER, tokenSha256: [first, second] }];
      expect(findMistakes({ CALLERS: JSON.stringify(twice) })).toEqual([
        'CALLERS: 0.tokenSha256.1.label: the same as 0.tokenSha256.0.label',
      ]);
      const once = [
        { ...CALLER, tokenSha256: [first] },
        { ...CALLER, name: 'ops', tokenSha256: [second] },
      ];
      expect(findMistakes({ CALLERS: JSON.stringify(once) })).toEqual([]);
    });

    it('comes from CALLERS_FILE as well', () => {
      expect(parse({ CALLERS_FILE: 'c.json' }, { 'c.json': JSON.stringify([CALLER]) }).callers).toHaveLength(
        1,
      );
    });
  });

  describe('HTTPS_PROXY', () => {
    const findProxy = (record: VariableRecord) => parse({ ...CREDENTIALS, ...record }).proxyUrl?.reveal();
    const PROXY = 'http://user:hunter2@proxy.example:3128';

    it.each([
      [{ HTTPS_PROXY: PROXY }, PROXY],
      [{ https_proxy: PROXY }, PROXY],
      [{ HTTPS_PROXY: 'proxy.example:3128' }, 'http://proxy.example:3128'],
      [{ HTTPS_PROXY: PROXY, NO_PROXY: 'example.com, .other.com' }, PROXY],
      [{ HTTPS_PROXY: PROXY, NO_PROXY: 'notitniotech.com,api.itniotech.com:8443,itniotech' }, PROXY],
    ])('%j is the proxy %s', (record, proxy) => {
      expect(findProxy(record)).toBe(proxy);
    });

    it.each([
      '*',
      'api.itniotech.com',
      'itniotech.com',
      '.itniotech.com',
      '*.itniotech.com',
      'API.itniotech.com:443',
      'a b,itniotech.com',
    ])('is not used where NO_PROXY is %s', (NO_PROXY) => {
      expect(findProxy({ HTTPS_PROXY: PROXY, NO_PROXY })).toBeUndefined();
    });

    it('is not used for http on a loopback address, nor in the sandbox', () => {
      expect(findProxy({ HTTPS_PROXY: PROXY, ITNIO_BASE_URL: 'http://127.0.0.1:1/voice' })).toBeUndefined();
      expect(parse({ HTTPS_PROXY: PROXY }).proxyUrl).toBeUndefined();
    });

    it.each(['socks5://user:hunter2@proxy', 'http://', 'http://user:hunter2@:x'])(
      'is not %s, and the mistake does not show it',
      (HTTPS_PROXY) => {
        expect(() => findProxy({ HTTPS_PROXY })).toThrow(/HTTPS_PROXY: expected/);
        expect(() => findProxy({ HTTPS_PROXY })).not.toThrow(/hunter2/);
      },
    );

    it('shows no password when it is inspected', () => {
      expect(inspect(parse({ ...CREDENTIALS, HTTPS_PROXY: PROXY }), { depth: 9 })).not.toContain('hunter2');
    });
  });

  describe('CALLER_CALLS_PER_MINUTE', () => {
    const withCallers = {
      ...CREDENTIALS,
      ANONYMOUS_SCOPES: 'phones:read',
      CALLERS: JSON.stringify([CALLER]),
    };

    it.each([
      ['in the sandbox', {}],
      ['in the sandbox beside callers', { CALLERS: JSON.stringify([CALLER]) }],
      ['where no callers are configured', CREDENTIALS],
    ])('limits nobody %s when it is not set', (_, record) => {
      expect(parse(record).anonymousCallsPerMinute).toBeUndefined();
    });

    it('limits anonymous callers beside callers, and no caller, when it is not set', () => {
      expect(parse(withCallers)).toMatchObject({
        anonymousCallsPerMinute: 1200,
        callerCallsPerMinute: undefined,
      });
    });

    it('is what each caller and all anonymous callers together have', () => {
      expect(parse({ ...withCallers, CALLER_CALLS_PER_MINUTE: '60' })).toMatchObject({
        anonymousCallsPerMinute: 60,
        callerCallsPerMinute: 60,
      });
    });

    it.each(['0', '-1', '1.5', '1000001', 'many'])('is not %s', (text) => {
      expect(() => parse({ CALLER_CALLS_PER_MINUTE: text })).toThrow(/CALLER_CALLS_PER_MINUTE/);
    });
  });

  describe('CURSOR_KEYS', () => {
    const reveal = (record: VariableRecord) => parse(record).cursorKeys.map((key) => key.reveal());

    it('are taken in order', () => {
      expect(reveal({ CURSOR_KEYS: `${NEW_KEY}, ${OLD_KEY}` })).toEqual([NEW_KEY, OLD_KEY]);
    });

    it('are derived from the API secret, so that replicas agree', () => {
      expect(reveal(CREDENTIALS)).toEqual(reveal({ ...CREDENTIALS, ITNIO_API_KEY: 'other' }));
      expect(reveal(CREDENTIALS)).not.toEqual(reveal({ ...CREDENTIALS, ITNIO_API_SECRET: 'other' }));
    });

    it('are the same at every start of the sandbox', () => {
      expect(reveal({})).toEqual(reveal({}));
    });
  });

  describe('NODE_ENV=production', () => {
    const production = { ...CREDENTIALS, NODE_ENV: 'production' };

    it('has neither GraphiQL nor introspection for anonymous callers', () => {
      expect(parse(production)).toMatchObject({ graphiql: false, anonymousIntrospection: false });
    });

    it('has both when they are switched on', () => {
      expect(parse({ ...production, GRAPHIQL: 'on', ANONYMOUS_INTROSPECTION: 'on' })).toMatchObject({
        graphiql: true,
        anonymousIntrospection: true,
      });
    });
  });

  it.each<[string, VariableRecord, string[]]>([
    ['a port that is none', { PORT: '70000' }, ['PORT: expected a whole number from 0 to 65535']],
    ['a port in words', { PORT: 'http' }, ['PORT: expected a whole number from 0 to 65535']],
    [
      'an unknown log level',
      { LOG_LEVEL: 'loud' },
      ['LOG_LEVEL: expected one of debug, info, warn, error, silent'],
    ],
    [
      'an unknown NODE_ENV',
      { NODE_ENV: 'prod' },
      ['NODE_ENV: expected one of development, production, test'],
    ],
    ['a switch that is none', { GRAPHIQL: 'yes' }, ['GRAPHIQL: expected one of on, off']],
    [
      'a negative time',
      { PHONES_CACHE_TTL_MS: '-1' },
      ['PHONES_CACHE_TTL_MS: expected a whole number from 0 to 600000'],
    ],
    [
      'a key alone',
      { ITNIO_API_KEY: 'k', ITNIO_APPS: 'a' },
      ['ITNIO_API_SECRET: missing, though ITNIO_API_KEY is set'],
    ],
    [
      'a secret alone',
      { ITNIO_API_SECRET: 's', ITNIO_APPS: 'a' },
      ['ITNIO_API_KEY: missing, though ITNIO_API_SECRET is set'],
    ],
    [
      'credentials without apps',
      { ...CREDENTIALS, ITNIO_APPS: undefined },
      ['ITNIO_APPS: missing; list the apps to serve as "id=Name,id", or "*" for any'],
    ],
    [
      'an address without credentials',
      { ITNIO_BASE_URL: 'https://api.itniotech.com/voice' },
      ['ITNIO_BASE_URL: has no effect without ITNIO_API_KEY and ITNIO_API_SECRET'],
    ],
    [
      'plain http to another machine',
      { ...CREDENTIALS, ITNIO_API_KEY: 'own-key', ITNIO_BASE_URL: 'http://api.itniotech.com/voice' },
      ['ITNIO_BASE_URL: expected an https address, or http on a loopback address'],
    ],
    [
      'an address of the endpoint',
      { ...CREDENTIALS, ITNIO_BASE_URL: 'https://api.itniotech.com/voice/sipQuery/' },
      ['ITNIO_BASE_URL: expected the address without "/sipQuery", which is added to it'],
    ],
    [
      'an address with a password in it',
      { ...CREDENTIALS, ITNIO_BASE_URL: 'https://user:pass@api.itniotech.com/voice' },
      ['ITNIO_BASE_URL: expected an address without user, query or fragment'],
    ],
    [
      'an app id that cannot be one',
      { ...CREDENTIALS, ITNIO_APPS: `a,${'x'.repeat(129)}` },
      ['ITNIO_APPS: item 2: an app id must not be longer than 128 characters'],
    ],
    [
      'an app twice',
      { ...CREDENTIALS, ITNIO_APPS: 'a,b,a=A' },
      ['ITNIO_APPS: the app "a" stands there twice'],
    ],
    [
      'a star among apps',
      { ...CREDENTIALS, ITNIO_APPS: 'a,*' },
      ['ITNIO_APPS: item 2: "*" stands alone, for any app'],
    ],
    [
      'production without credentials',
      { NODE_ENV: 'production' },
      ['ITNIO_API_KEY: NODE_ENV=production needs credentials; the sandbox is for trying things out'],
    ],
    [
      'a public address without callers',
      { ...CREDENTIALS, HOST: '0.0.0.0' },
      [
        'HOST: 0.0.0.0 can be reached by others and no callers are configured; set CALLERS_FILE, or ANONYMOUS_SCOPES=phones:read to let anyone read phones',
      ],
    ],
    [
      'an unknown scope',
      { ANONYMOUS_SCOPES: 'phones:write' },
      ['ANONYMOUS_SCOPES: expected a list of phones:read, passwords:read'],
    ],
    [
      'real passwords for anyone',
      { ...CREDENTIALS, ANONYMOUS_SCOPES: 'phones:read,passwords:read' },
      ['ANONYMOUS_SCOPES: passwords are never readable without a token'],
    ],
    [
      'an origin with a path',
      { CORS_ORIGINS: 'https://a.example/x' },
      ['CORS_ORIGINS: "https://a.example/x" is not an origin such as https://app.example.com'],
    ],
    [
      'any origin',
      { CORS_ORIGINS: '*' },
      ['CORS_ORIGINS: "*" is not an origin such as https://app.example.com'],
    ],
    [
      'a proxy by name, and every address',
      { TRUSTED_PROXIES: 'proxy.internal,10.0.0.0/33,0.0.0.0/0' },
      [
        'TRUSTED_PROXIES: "proxy.internal" is not an IP address or a network such as 10.0.0.0/8',
        'TRUSTED_PROXIES: "10.0.0.0/33" is not an IP address or a network such as 10.0.0.0/8',
        'TRUSTED_PROXIES: "0.0.0.0/0" is every address, so that anyone could say to be any other',
      ],
    ],
    ['a short cursor key', { CURSOR_KEYS: 'short' }, ['CURSOR_KEYS: a key needs at least 32 characters']],
    [
      'a misspelt variable',
      { ITNIO_API_SECRETE: 's' },
      ['ITNIO_API_SECRETE: there is no such variable; is ITNIO_API_SECRET meant?'],
    ],
    [
      'an unknown variable with the vendor’s prefix',
      { ITNIO_TOKEN_LIFETIME: '1' },
      ['ITNIO_TOKEN_LIFETIME: there is no such variable'],
    ],
    [
      'a file that is not there',
      { CALLERS_FILE: 'c.json' },
      ['CALLERS_FILE: the file cannot be read (ENOENT)'],
    ],
    [
      'both forms of a secret',
      { CURSOR_KEYS: NEW_KEY, CURSOR_KEYS_FILE: 'k' },
      ['CURSOR_KEYS: set either it or CURSOR_KEYS_FILE, not both'],
    ],
    ['callers that are no JSON', { CALLERS: 'web:token' }, ['CALLERS: expected JSON']],
    ['callers that are no array', { CALLERS: '{}' }, ['CALLERS: expected a JSON array of callers']],
    [
      'a caller of the same name',
      { CALLERS: JSON.stringify([CALLER, CALLER]) },
      ['CALLERS: 1.name: the same as 0.name', 'CALLERS: 1.tokenSha256: the same as 0.tokenSha256'],
    ],
    [
      'a token of two callers, in capitals or not',
      { CALLERS: JSON.stringify([CALLER, { ...CALLER, name: 'ops', tokenSha256: 'AB'.repeat(32) }]) },
      ['CALLERS: 1.tokenSha256: the same as 0.tokenSha256'],
    ],
    [
      'a caller of the name that anonymous callers have',
      { CALLERS: JSON.stringify([{ ...CALLER, name: 'Anonymous' }]) },
      ['CALLERS: 0.name: must not be what callers without a token are called'],
    ],
    [
      'a caller’s app that is not served',
      { ...CREDENTIALS, CALLERS: JSON.stringify([{ ...CALLER, apps: ['4luaKsL2', '4luaKsl2'] }]) },
      ['CALLERS: 0.apps.1: an app that ITNIO_APPS does not list'],
    ],
    [
      'a caller’s app that cannot be one',
      { CALLERS: JSON.stringify([{ ...CALLER, apps: ['a\n'] }]) },
      ['CALLERS: 0.apps.0: must not contain control characters'],
    ],
    [
      'credentials that no header carries',
      { ...CREDENTIALS, ITNIO_API_KEY: 'bDqJ\u200bFiq9', ITNIO_API_SECRET: '7bz1 lzh9' },
      [
        'ITNIO_API_KEY: a line break, a control character or one that cannot be seen; take it out',
        'ITNIO_API_SECRET: expected printable ASCII characters without blanks',
      ],
    ],
  ])('refuses %s', (_, record, mistakes) => {
    expect(findMistakes(record)).toEqual(mistakes);
  });

  it.each([
    ['CALLER_FILE', 'CALLERS_FILE'],
    ['CALLERS_FILES', 'CALLERS_FILE'],
    ['CALLERS_JSON', 'CALLERS'],
    ['ANONYMOUS_SCOPE', 'ANONYMOUS_SCOPES'],
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['CURSOR_KEY', 'CURSOR_KEYS'],
    ['AUDITLOG', 'AUDIT_LOG'],
    ['AUDIT_LOG_FILE', 'AUDIT_LOG'],
    ['PHONES_CACHE_TTL', 'PHONES_CACHE_TTL_MS'],
    ['SHUTDOWN_GRACE', 'SHUTDOWN_GRACE_MS'],
    ['REQUEST_TIMEOUT', 'REQUEST_TIMEOUT_MS'],
  ])('takes %s for a misspelt %s', (name, meant) => {
    expect(findMistakes({ [name]: 'x' })).toEqual([`${name}: there is no such variable; is ${meant} meant?`]);
  });

  it.each([
    ['PASSWORD', 'off', 'PASSWORDS'],
    ['passwords', 'OFF', 'PASSWORDS'],
    ['METRIC', 'true', 'METRICS'],
    ['METRICS_PORTS', '9464', 'METRICS_PORT'],
    ['CALLER', ' [{"name": "web"}]', 'CALLERS'],
  ])(
    'takes %s=%s for a misspelt %s, which is an everyday word with a value of its form',
    (name, value, meant) => {
      expect(findMistakes({ [name]: value })).toEqual([
        `${name}: there is no such variable; is ${meant} meant?`,
      ]);
    },
  );

  it.each([
    ['PASSWORD', 'hunter2'],
    ['password', 'hunter2'],
    ['PASSWORD', ''],
    ['METRIC', 'cpu'],
    ['Metrics', 'statsd'],
    ['METRICS_HOST', '0.0.0.0'],
    ['CALLER', 'ci'],
    ['FEDERATION_URL', 'http://localhost'],
    ['BROWSE_URL', 'http://localhost'],
    ['ANONYMOUS_TELEMETRY', 'off'],
    ['CORS_ORIGIN_WHITELIST', 'http://localhost'],
  ])('leaves %s=%s to another program', (name, value) => {
    expect(findMistakes({ [name]: value })).toEqual([]);
  });

  it.each([
    'HOSTNAME',
    'HOSTS',
    'PORT_RANGE',
    'PORTS',
    'NODE_OPTIONS',
    'NODE_ENVS',
    'LOG_LEVELS',
    'LOG_FORMAT',
    'GRAPHQL',
    'CURSOR_TRACE_ID',
    'CORS',
    'AUDIT',
    'COLORS',
    'SHELL',
    // What OpenSSL and its users read.
    'SSL_CERT_FILE',
    'SSL_CERT_DIR',
    'SSL_KEY_FILE',
    // What Kubernetes sets for a service that is called as we are, and for others.
    'ITNIO_GRAPHQL_GATEWAY_SERVICE_HOST',
    'ITNIO_GRAPHQL_GATEWAY_SERVICE_PORT_HTTP',
    'ITNIO_GRAPHQL_GATEWAY_PORT',
    'ITNIO_GRAPHQL_GATEWAY_PORT_4000_TCP_ADDR',
    'AUDIT_LOG_PORT',
  ])('leaves %s to whom it belongs', (name) => {
    expect(findMistakes({ [name]: 'x' })).toEqual([]);
  });

  describe('lets only names of this machine be asked', () => {
    const names = (record: VariableRecord) => parse(record).loopbackNamesOnly;

    it('where anonymous callers may read real phones because they are on it', () => {
      expect(names(CREDENTIALS)).toBe(true);
    });

    it.each<[string, VariableRecord]>([
      ['the data is made up', {}],
      ['callers are configured', { ...CREDENTIALS, CALLERS: JSON.stringify([CALLER]) }],
      ['anonymous callers are let in by configuration', { ...CREDENTIALS, ANONYMOUS_SCOPES: 'phones:read' }],
    ])('but not where %s', (_, record) => {
      expect(names(record)).toBe(false);
    });
  });

  describe('HOST', () => {
    const account = { ...CREDENTIALS, ANONYMOUS_SCOPES: undefined };

    it.each([
      ['127.0.0.1', '127.0.0.1'],
      ['127.0.0.2', '127.0.0.2'],
      ['::1', '::1'],
      ['[::1]', '::1'],
      ['0:0:0:0:0:0:0:1', '0:0:0:0:0:0:0:1'],
      ['::ffff:127.0.0.1', '::ffff:127.0.0.1'],
      ['::ffff:7f00:1', '::ffff:7f00:1'],
      // Judged by their address, once that is known.
      ['LOCALHOST', 'LOCALHOST'],
      ['gateway.internal', 'gateway.internal'],
    ])('%s may be on this machine only', (text, host) => {
      expect(parse({ ...account, HOST: text })).toMatchObject({ host, loopbackNamesOnly: true });
    });

    it.each([
      ['0.0.0.0', '0.0.0.0'],
      ['::', '::'],
      ['[::]', '::'],
      ['10.0.0.7', '10.0.0.7'],
      ['128.0.0.1', '128.0.0.1'],
      ['::ffff:10.0.0.7', '::ffff:10.0.0.7'],
      ['::ffff:0.0.0.0', '::ffff:0.0.0.0'],
      ['fe80::1%eth0', 'fe80::1%eth0'],
    ])('%s can be reached by others', (text, host) => {
      expect(findMistakes({ ...account, HOST: text })).toEqual([
        `HOST: ${host} can be reached by others and no callers are configured; set CALLERS_FILE, or ANONYMOUS_SCOPES=phones:read to let anyone read phones`,
      ]);
    });

    it.each([
      ['0', '0.0.0.0'],
      ['127.1', '127.0.0.1'],
      ['0x7f.0.0.1', '127.0.0.1'],
      ['0177.0.0.1', '127.0.0.1'],
      ['2130706433', '127.0.0.1'],
    ])('%s is to be written as %s', (text, address) => {
      expect(findMistakes({ HOST: text })).toEqual([`HOST: write the address as ${address}`]);
    });

    it.each([
      '127.0.0.1:4000',
      'http://127.0.0.1',
      '*',
      '1.2.3.4.5',
      '[127.0.0.1]',
      'a b',
      '::g',
      '１２７.0.0.1',
    ])('%s is no address', (text) => {
      expect(findMistakes({ HOST: text })).toEqual([
        'HOST: expected an IP address, such as 127.0.0.1, 0.0.0.0 or ::, or a name of this machine',
      ]);
    });
  });

  describe('ITNIO_BASE_URL', () => {
    const account = { ...CREDENTIALS, ITNIO_API_KEY: 'own-key' };
    const read = (address: string, record = account) =>
      parse({ ...record, ITNIO_BASE_URL: address }).upstream?.baseUrl;

    it.each([
      ['https://voice.example/api//', 'https://voice.example/api'],
      ['HTTPS://Voice.Example/api', 'https://voice.example/api'],
      ['http://127.0.0.2:4100/voice', 'http://127.0.0.2:4100/voice'],
      ['http://[::1]:4100/voice', 'http://[::1]:4100/voice'],
      ['http://[::ffff:127.0.0.1]/voice', 'http://[::ffff:7f00:1]/voice'],
      ['http://LOCALHOST/voice', 'http://localhost/voice'],
      ['http://127.1/voice', 'http://127.0.0.1/voice'],
    ])('reads %s', (text, address) => {
      expect(read(text)).toBe(address);
    });

    it('lets the key that the vendor has published pass through a network in clear', () => {
      expect(read('http://sandbox:4100/voice', CREDENTIALS)).toBe('http://sandbox:4100/voice');
    });

    it.each([
      'http://sandbox:4100/voice',
      'http://127.0.0.1.example/voice',
      'http://10.0.0.1/voice',
      'http://0.0.0.0/voice',
      'http:127.0.0.1/voice',
      'https:/voice.example',
      'voice.example',
      'ftp://voice.example',
    ])('refuses %s', (address) => {
      expect(findMistakes({ ...account, ITNIO_BASE_URL: address })).toEqual([
        'ITNIO_BASE_URL: expected an https address, or http on a loopback address',
      ]);
    });

    it.each(['https://a@voice.example', 'https://voice.example/?', 'https://voice.example/#'])(
      'refuses %s',
      (address) => {
        expect(findMistakes({ ...account, ITNIO_BASE_URL: address })).toEqual([
          'ITNIO_BASE_URL: expected an address without user, query or fragment',
        ]);
      },
    );
  });

  it.each([
    '"a"',
    "a'",
    '[a]',
    '{a}',
    '(a)',
    'a;b',
    'a b',
    'a\u00a0b',
    'a:Support',
    'a/b',
    '<a>',
    '“a”',
    'a|b',
    'a#',
  ])('takes %s for no app id', (appId) => {
    expect(findMistakes({ ...CREDENTIALS, ITNIO_APPS: `x,${appId}=A` })).toEqual([
      'ITNIO_APPS: item 2: an app id must be of letters, digits, ".", "_" and "-"',
    ]);
    expect(findMistakes({ CALLERS: JSON.stringify([{ ...CALLER, apps: [appId] }]) })).toEqual([
      'CALLERS: 0.apps.0: must be of letters, digits, ".", "_" and "-"',
    ]);
  });

  it.each(['1e3', '+5', '-0', '５', '0x10', '05', '5.0', '5_000', '1'.repeat(400)])(
    'takes %s for no number',
    (text) => {
      expect(findMistakes({ REQUEST_TIMEOUT_MS: text, PORT: text })).toEqual([
        'PORT: expected a whole number from 0 to 65535',
        'REQUEST_TIMEOUT_MS: expected a whole number from 500 to 60000',
      ]);
    },
  );

  it.each<[string, VariableRecord, string[]]>([
    [
      'quotes that nobody took off',
      { AUDIT_LOG: '"a.log"', LOG_LEVEL: 'warn' },
      ['AUDIT_LOG: the quotes are part of the value; take them off'],
    ],
    [
      'a line break in a value',
      { AUDIT_LOG: 'a.log\nLOG_LEVEL=warn' },
      ['AUDIT_LOG: a line break, a control character or one that cannot be seen; take it out'],
    ],
    [
      'a name in small letters',
      { callers_file: 'c.json' },
      ['callers_file: there is no such variable; is CALLERS_FILE meant?'],
    ],
    [
      'a list of nothing',
      { ANONYMOUS_SCOPES: ',' },
      ['ANONYMOUS_SCOPES: expected a list, and found only commas'],
    ],
    ['a cursor key twice', { CURSOR_KEYS: `${NEW_KEY},${NEW_KEY}` }, ['CURSOR_KEYS: the same key twice']],
    [
      'a cursor key that is none',
      { CURSOR_KEYS: `${NEW_KEY},` },
      ['CURSOR_KEYS: a key needs at least 32 characters'],
    ],
    [
      'a caller with a key twice',
      { CALLERS: `[{},${JSON.stringify(CALLER).replace('}', ',"sc\\u006fpes":["passwords:read"]}')}]` },
      ['CALLERS: 1: the same key twice in one object'],
    ],
    [
      'a caller with a key that objects have',
      { CALLERS: `[${JSON.stringify(CALLER).replace('}', ',"__proto__":{}}')}]` },
      ['CALLERS: 0: there is no "__proto__"'],
    ],
  ])('refuses %s', (_, record, mistakes) => {
    expect(findMistakes(record)).toEqual(mistakes);
  });

  describe('JWT_ISSUER', () => {
    const provider = {
      JWT_ISSUER: 'https://a.example/',
      JWT_AUDIENCE: 'b',
      JWT_JWKS_URL: 'https://a.example/keys',
    };

    it('closes the gateway to callers without a token', () => {
      expect(parse({ ...CREDENTIALS, ...provider, HOST: '0.0.0.0' })).toMatchObject({
        anonymousScopes: undefined,
        loopbackNamesOnly: false,
        jwt: {
          issuer: 'https://a.example/',
          audience: 'b',
          jwksUrl: 'https://a.example/keys',
          scopesClaim: 'scope',
        },
      });
    });

    it.each<[VariableRecord, string[]]>([
      [
        { ...provider, JWT_AUDIENCE: '' },
        ['JWT_AUDIENCE: missing; JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URL come together'],
      ],
      [
        { JWT_APPS_CLAIM: 'apps' },
        ['JWT_APPS_CLAIM: has no effect without JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URL'],
      ],
      [
        { ...provider, JWT_JWKS_URL: 'http://a.example/keys' },
        ['JWT_JWKS_URL: expected an https address, or http on a loopback address'],
      ],
      [
        { CALLERS: JSON.stringify([{ ...CALLER, forwardsUser: true }]) },
        ['JWT_ISSUER: missing, though a caller has forwardsUser; users are known by their JWT'],
      ],
      [
        { CALLERS: JSON.stringify([{ ...CALLER, name: 'jwt:alice' }]) },
        ['CALLERS: 0.name: must not be what holders of a JWT are called'],
      ],
    ])('and its like are refused as in %j', (record, mistakes) => {
      expect(findMistakes(record)).toEqual(mistakes);
    });
  });

  it('takes callers on several lines', () => {
    expect(parse({ CALLERS: JSON.stringify([CALLER], null, '\t') }).callers).toHaveLength(1);
  });

  describe('a file', () => {
    const SECRET_FILE = { ...CREDENTIALS, ITNIO_API_SECRET: undefined, ITNIO_API_SECRET_FILE: 's' };
    const readSecret = (file: string | Uint8Array) =>
      parse(SECRET_FILE, { s: file }).upstream?.apiSecret.reveal();

    it.each(['7bz1lzh9', '7bz1lzh9\n', '7bz1lzh9\r\n', '\uFEFF7bz1lzh9\n', ' 7bz1lzh9\n\n'])(
      'holds a secret, as in %j',
      (text) => {
        expect(readSecret(text)).toBe('7bz1lzh9');
      },
    );

    it.each<[string, string | Uint8Array, string]>([
      ['nothing', '\n', 'the file is empty'],
      ['two lines', '7bz1lzh9\n7bz1lzh9\n', 'expected one line'],
      ['UTF-16', Buffer.from('\uFEFF7bz1lzh9', 'utf16le'), 'the file is UTF-16; save it as UTF-8'],
      [
        'UTF-16 without its mark',
        Buffer.from('7bz1lzh9', 'utf16le'),
        'line 1: a NUL character; save the file as UTF-8 text',
      ],
      ['Latin-1', Buffer.from('7bz\u00fc', 'latin1'), 'line 1: not UTF-8; save the file as UTF-8'],
      ['quotes', '"7bz1lzh9"\n', 'the quotes are part of the value; take them off'],
      [
        'a character that nobody sees',
        '7bz1\u200blzh9\n',
        'a line break, a control character or one that cannot be seen; take it out',
      ],
    ])('with %s is refused where a secret is expected', (_, file, fault) => {
      expect(findMistakes(SECRET_FILE, { s: file })).toContain(`ITNIO_API_SECRET_FILE: ${fault}`);
    });

    it('of cursor keys has them on one line', () => {
      expect(findMistakes({ CURSOR_KEYS_FILE: 'k' }, { k: `${NEW_KEY}\n${OLD_KEY}\n` })).toEqual([
        'CURSOR_KEYS_FILE: expected one line',
      ]);
    });

    it('of callers may begin with a byte order mark', () => {
      const file = `\uFEFF${JSON.stringify([CALLER])}\n`;
      expect(parse({ CALLERS_FILE: 'c.json' }, { 'c.json': file }).callers).toHaveLength(1);
    });

    it('of callers in UTF-16 is refused, and opens nothing', () => {
      const file = Buffer.from(JSON.stringify([CALLER]), 'utf16le');
      expect(findMistakes({ ...CREDENTIALS, CALLERS_FILE: 'c.json' }, { 'c.json': file })).toEqual([
        'CALLERS_FILE: line 1: a NUL character; save the file as UTF-8 text',
      ]);
    });
  });

  it('lists all mistakes at once', () => {
    expect(findMistakes({ PORT: 'x', LOG_LEVEL: 'x', CURSOR_KEYS: 'x', ITNIO_APPS: 'a' })).toHaveLength(4);
  });

  it('lets a public address through when ANONYMOUS_SCOPES says so', () => {
    const config = parse({ ...CREDENTIALS, HOST: '0.0.0.0', ANONYMOUS_SCOPES: 'phones:read' });
    expect(config.anonymousScopes).toEqual(new Set(['phones:read']));
  });

  it('never repeats a secret that is in the wrong place', () => {
    const token = 'canary-token-in-the-place-of-its-hash';
    const mistakes = findMistakes({
      ITNIO_API_KEY: 'canary-key',
      CURSOR_KEYS: 'canary',
      CALLERS: JSON.stringify([
        { ...CALLER, tokenSha256: token },
        { ...CALLER, token },
      ]),
    });
    expect(mistakes.length).toBeGreaterThanOrEqual(4);
    expect(mistakes.join('\n')).not.toContain('canary');
  });
});

describe('.env.example', () => {
  it('has every variable, and no other', () => {
    const text = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
    const named = [...text.matchAll(/^# ([A-Z][A-Z_]+)=/gm)].map(([, name]) => name?.replace(/_FILE$/, ''));
    expect(new Set(named)).toEqual(new Set(VARIABLES.map((name) => name.replace(/_FILE$/, ''))));
  });
});
