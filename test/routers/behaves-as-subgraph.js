import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { compose } from '../../examples/supergraph/compose.js';
import { serveNode } from '../../examples/supergraph/node.js';
import { createAppContent, createCaller, serveSupergraph } from './supergraph-fixture.js';

const INVOICES = `query($first: Int!) {
  invoices(first: $first) { edges { node { number amount phone { account monthlyFee phoneName displayNum } } } }
}`;

/**
 * What every router must show in front of this gateway.
 * @param name of the router. @param serveRouter serves a supergraph SDL on a port of its own.
 */
export function describeSubgraph(name, serveRouter) {
  describe(`behind ${name}`, () => {
    describe('a supergraph of phones and billing', () => {
      let supergraph;
      beforeAll(async () => {
        supergraph = await serveSupergraph(serveRouter, {
          apps: [createAppContent('big', 1000), createAppContent('small', 3)],
        });
      });
      afterAll(() => supergraph.close());
      beforeEach(() => {
        supergraph.gateway.sandbox.control.reset();
        supergraph.gateway.sandbox.calls.reset();
      });

      it('goes from phones to billing', async () => {
        expect(
          await supergraph.ask(
            '{ app(appId: "small") { name phones(first: 2) { totalCount nodes { account monthlyFee invoices(first: 1) { edges { node { amount } } } } } } }',
          ),
        ).toEqual({
          data: {
            app: {
              name: 'small name',
              phones: {
                totalCount: 3,
                nodes: [
                  { account: 'small_0', monthlyFee: 107, invoices: { edges: [{ node: { amount: 1500 } }] } },
                  { account: 'small_1', monthlyFee: 107, invoices: { edges: [{ node: { amount: 1501 } }] } },
                ],
              },
            },
          },
        });
      });

      it('goes from billing to 1,000 phones in at most 20 vendor calls', async () => {
        const { data, errors } = await supergraph.ask(INVOICES, { first: 1000 });
        expect(errors).toBeUndefined();
        expect(data.invoices.edges.map(({ node }) => node.phone)).toEqual(
          Array.from({ length: 1000 }, (_, index) => ({
            account: `big_${index}`,
            monthlyFee: 100 + `big_${index}`.length,
            phoneName: `phone ${index}`,
            displayNum: `86${index}`,
          })),
        );
        expect(supergraph.gateway.sandbox.calls.total).toBeLessThanOrEqual(20);
      });

      it('fills twelve widgets of one screen', async () => {
        const widgets = Array.from(
          { length: 12 },
          (_, index) =>
            `w${index}: invoices(first: ${index + 1}) { edges { node { amount phone { phoneName app { name } } } } }`,
        );
        const { data, errors } = await supergraph.ask(`{ ${widgets.join('\n')} }`);
        expect(errors).toBeUndefined();
        expect(Object.values(data).map(({ edges }) => edges.map(({ node }) => node.phone.phoneName))).toEqual(
          widgets.map((_, index) => Array.from({ length: index + 1 }, (_, row) => `phone ${row}`)),
        );
      });

      it("keeps billing's data while the vendor is down", async () => {
        supergraph.gateway.sandbox.control.fail({ fault: 'status', status: -18, times: 50 });
        const { data, errors } = await supergraph.ask(INVOICES, { first: 2 });
        expect(
          data.invoices.edges.map(({ node }) => [
            node.amount,
            node.phone?.account ?? null,
            node.phone?.monthlyFee ?? null,
          ]),
        ).toEqual([
          [500, 'big_0', 105],
          [501, 'big_1', 105],
        ]);
        expect(errors.map(({ extensions }) => extensions.code)).toEqual(
          errors.map(() => expect.stringMatching(/^UPSTREAM_(UNAVAILABLE|CIRCUIT_OPEN)$/)),
        );
      });

      it('tells a client the code, the argument, whether to try again, and the request id', async () => {
        const { data, errors } = await supergraph.ask(
          '{ app(appId: "small") { name phones(first: 101) { totalCount } } }',
        );
        expect(data).toEqual({ app: { name: 'small name', phones: null } });
        expect(errors).toEqual([
          expect.objectContaining({
            extensions: expect.objectContaining({
              code: 'BAD_USER_INPUT',
              argument: 'first',
              retryable: false,
              requestId: expect.any(String),
            }),
          }),
        ]);
      });

      it('answers null for a phone that is gone, and keeps what billing knows of it', async () => {
        supergraph.gateway.sandbox.control.change({ appId: 'small', remove: { accounts: ['small_0'] } });
        const { data, errors } = await supergraph.ask(
          '{ app(appId: "small") { phone(account: "small_0") { monthlyFee } } }',
        );
        expect({ data, errors }).toEqual({ data: { app: { phone: null } }, errors: undefined });
      });

      // The last one here: the pause that the vendor asks for lasts.
      it('tells a client how long to wait', async () => {
        supergraph.gateway.sandbox.control.fail({ fault: 'http', httpStatus: 429, retryAfter: 30, times: 5 });
        const { errors } = await supergraph.ask(
          '{ app(appId: "small") { phones(first: 1) { totalCount } } }',
        );
        expect(errors[0].extensions).toMatchObject({
          code: 'UPSTREAM_RATE_LIMITED',
          retryable: true,
          retryAfterMs: expect.any(Number),
        });
      });
    });

    describe('with callers, whose tokens the router hands on', () => {
      const composer = createCaller('composer', { scopes: ['phones:read', 'passwords:read'] });
      const sales = createCaller('sales', { apps: ['small'] });
      const admin = createCaller('admin', { scopes: ['phones:read', 'passwords:read'] });
      let supergraph;
      beforeAll(async () => {
        supergraph = await serveSupergraph(serveRouter, {
          apps: [createAppContent('big', 5), createAppContent('small', 3)],
          callers: [composer, sales, admin],
        });
      });
      afterAll(() => supergraph.close());

      it('shows each caller their own apps', async () => {
        const ask = async ({ authorization }) =>
          (await supergraph.ask('{ apps { appId } }', {}, { authorization })).data.apps.map(
            ({ appId }) => appId,
          );
        expect([await ask(sales), await ask(admin)]).toEqual([['small'], ['big', 'small']]);
      });

      it('keeps the neighbours of a denied field', async () => {
        const { data, errors } = await supergraph.ask(
          '{ app(appId: "small") { phone(account: "small_1") { phoneName password monthlyFee } } }',
          {},
          { authorization: sales.authorization },
        );
        expect(data).toEqual({ app: { phone: { phoneName: 'phone 1', password: null, monthlyFee: 107 } } });
        expect(errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
      });

      it('writes the audit record in the name of the user', async () => {
        const { data } = await supergraph.ask(
          '{ app(appId: "small") { phone(account: "small_1") { password } } }',
          {},
          { authorization: admin.authorization },
        );
        expect(data.app.phone.password).toBe('password 1');
        expect(supergraph.gateway.auditRecords.at(-1)).toMatchObject({ caller: 'admin', appId: 'small' });
      });

      it('tells a client without a token that it needs one', async () => {
        const { errors } = await supergraph.ask('{ apps { appId } }');
        expect(errors.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
      });
    });

    it('has one Query.node, by a small subgraph that reads the type out of the id', async () => {
      const supergraph = await serveSupergraph(serveRouter, { apps: [createAppContent('small', 3)] });
      const node = await serveNode();
      const router = await serveRouter(
        await compose([
          { name: 'phones', url: supergraph.gateway.url },
          { name: 'billing', url: supergraph.billing.url },
          { name: 'node', url: node.url },
        ]),
      );
      const ask = async (account, fields) => {
        const id = Buffer.from(`SipPhone:5:small${account}`).toString('base64url');
        const response = await fetch(router.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: `{ node(id: "${id}") { __typename ${fields} } }` }),
        });
        return (await response.json()).data.node;
      };
      try {
        expect(await ask('small_1', '... on SipPhone { phoneName monthlyFee }')).toEqual({
          __typename: 'SipPhone',
          phoneName: 'phone 1',
          monthlyFee: 107,
        });
        // A phone that is gone is still a reference: its fields are null.
        expect(await ask('gone', '... on SipPhone { phoneName }')).toEqual({
          __typename: 'SipPhone',
          phoneName: null,
        });
      } finally {
        await router.close();
        await node.close();
        await supergraph.close();
      }
    });

    it('knows no password with FEDERATION_PASSWORD=off', async () => {
      const supergraph = await serveSupergraph(serveRouter, {
        apps: [createAppContent('small', 3)],
        variables: { FEDERATION_PASSWORD: 'off' },
      });
      try {
        const { errors } = await supergraph.ask(
          '{ app(appId: "small") { phone(account: "small_1") { password } } }',
        );
        expect(errors.map(({ message }) => message).join()).toContain('Cannot query field "password"');
      } finally {
        await supergraph.close();
      }
    });
  });
}
