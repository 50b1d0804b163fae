import { afterEach, describe, expect, it } from '@jest/globals';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

const APP = '4luaKsL2';
const page = (first: number) =>
  `{ app(appId: "${APP}") { phones(first: ${first}) { nodes { account password } } } }`;

describe('passwords', () => {
  let gateway: ServedGateway;
  afterEach(() => gateway.close());

  it('beyond PASSWORD_READS_PER_HOUR are null, with RATE_LIMITED at their place, and on record', async () => {
    gateway = await serveGateway({ variables: { PASSWORD_READS_PER_HOUR: '2' } });
    const { json } = await gateway.post({ query: page(3) });
    const passwords = json.data.app.phones.nodes.map(({ password }: { password: unknown }) => password);
    expect(passwords).toEqual([expect.any(String), expect.any(String), null]);
    expect(json.errors).toMatchObject([
      {
        path: ['app', 'phones', 'nodes', 2, 'password'],
        extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterMs: expect.any(Number) },
      },
    ]);
    expect(gateway.auditRecords).toMatchObject([
      {
        accounts: ['test_001', 'test_002', 'test_003'],
        read: ['test_001', 'test_002'],
        refused: ['test_003'],
      },
    ]);
    expect(gateway.sandbox.calls.total).toBe(1);
  });

  it('that the vendor does not give are on record as failed', async () => {
    gateway = await serveGateway({ variables: { PHONES_CACHE_TTL_MS: '60000' } });
    await gateway.post({ query: page(1).replace(' password', '') });
    gateway.sandbox.control.fail({ fault: 'status', status: -2 });
    await gateway.post({ query: page(1) });
    expect(gateway.auditRecords).toMatchObject([{ accounts: ['test_001'], read: [], failed: ['test_001'] }]);
  });

  it('of more than a tenth of an app are a warning', async () => {
    gateway = await serveGateway();
    await gateway.post({ query: page(43) });
    const warnings = () => gateway.lines.filter(({ level }) => level === 'warn');
    expect(warnings()).toEqual([]);
    await gateway.post({ query: page(44) });
    await gateway.post({ query: page(45) });
    expect(warnings()).toEqual([
      {
        level: 'warn',
        evidence: { caller: 'anonymous', appId: APP, phones: 44, total: 437 },
        message:
          'A caller has read the passwords of more than a tenth of the phones of an app within an hour.',
      },
    ]);
  });

  it('are no part of the graph with PASSWORDS=off', async () => {
    gateway = await serveGateway({ variables: { PASSWORDS: 'off' } });
    const { status, json } = await gateway.post({ query: page(1) });
    expect([status, json.errors[0].extensions.code]).toEqual([200, 'GRAPHQL_VALIDATION_FAILED']);
    const { json: sdl } = await gateway.post({ query: '{ _service { sdl } }' });
    expect(sdl.data._service.sdl).toContain('displayNum');
    expect(sdl.data._service.sdl).not.toContain('password');
    expect(gateway.sandbox.calls.total).toBe(0);
  });
});
