import { type ExecutionResult, execute, parse } from 'graphql';
import type { GatewayContext, PasswordOutcome } from '../../../src/context.ts';
import type { App } from '../../../src/domain/app.ts';
import type { Scope } from '../../../src/domain/caller.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import { createSchema } from '../../../src/graph/schema.ts';
import type { Phones } from '../../../src/phones/phones.ts';
import { createMemoryPhones, createPhone, type PhonesCall } from '../../support/memory-phones.ts';

/** The whole graph over two apps in memory: `sales` with three phones and `empty` with none. */
export interface GraphFixture {
  ask(query: string, variables?: Readonly<Record<string, unknown>>): Promise<GraphAnswer>;
  /** Everything that was asked of the phones, in order. */
  readonly calls: PhonesCall[];
  /** What was noted of accounts whose password was asked for, in order. */
  readonly audited: [account: string, outcome: PasswordOutcome][];
  /** How many passwords were taken from those that the caller may read, and not given back. */
  readonly taken: { readonly count: number };
}

interface GraphAnswer {
  readonly data: ExecutionResult['data'];
  /** One line an error: path, code and, where there is one, the argument. */
  readonly errors: readonly string[];
}

const APPS: readonly App[] = [
  { appId: 'sales', name: 'Sales' },
  { appId: 'empty', name: null },
];
const ROWS = ['test_001', 'test_002', 'test_003'].map((account) => createPhone('sales', account));

const schema = createSchema();

/** @param scopes what the caller may do. Defaults to everything. */
export function createGraphFixture(
  scopes: readonly Scope[] = ['phones:read', 'passwords:read'],
  replace: (phones: Phones) => Phones = (phones) => phones,
  maxEntities = Number.POSITIVE_INFINITY,
): GraphFixture {
  const [phones, calls] = createMemoryPhones(ROWS);
  const audited: [string, PasswordOutcome][] = [];
  const taken = { count: 0 };
  const contextValue: GatewayContext = {
    caller: { name: 'tester', scopes: new Set(scopes) },
    apps: { list: () => APPS, find: (appId) => APPS.find((app) => app.appId === appId) },
    phones: replace(phones),
    audit: {
      note: ({ account }, outcome) => audited.push([account, outcome]),
      takeOne: () => {
        taken.count++;
        return () => void taken.count--;
      },
    },
    objects: { spend: () => undefined, countEntities: () => maxEntities },
  };

  return {
    calls,
    audited,
    taken,
    async ask(query, variableValues = {}) {
      const result = await execute({ schema, document: parse(query), contextValue, variableValues });
      return {
        // Results have no prototype; a copy compares with literals.
        data: result.data && structuredClone(result.data),
        errors: (result.errors ?? []).map(({ path, originalError }) => {
          if (!(originalError instanceof GatewayError)) throw originalError ?? new TypeError('not of ours');
          return [path?.join('.'), originalError.code, originalError.argument].filter(Boolean).join(' ');
        }),
      };
    },
  };
}
