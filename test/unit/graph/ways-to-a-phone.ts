import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
} from 'graphql';
import { encodeGlobalId } from '../../../src/graph/global-id.ts';

/** A query that reaches phones along one path of the schema, and asks each of them for the fields. */
export interface WayToAPhone {
  /** Such as `Query.app App.phone`. */
  readonly name: string;
  readonly query: string;
}

const APP_ID = encodeGlobalId('sales');
const PHONE_IDS = ['test_001', 'test_002'].map((account) => encodeGlobalId('sales', account));

/** Arguments of each field on a way, by the type of what it is to lead to. */
const ARGUMENTS: Readonly<Record<string, (type: string) => string>> = {
  'Query.apps': () => '',
  'Query.app': () => '(appId: "sales")',
  'Query.sipPhone': () => '(appId: "sales", account: "test_001")',
  'Query.node': (type) => `(id: "${type === 'App' ? APP_ID : PHONE_IDS[0]}")`,
  'Query.nodes': (type) => `(ids: ${JSON.stringify(type === 'App' ? [APP_ID] : PHONE_IDS)})`,
  'Query._entities': (type) =>
    type === 'App'
      ? `(representations: [{ __typename: "App", appId: "sales" }, { __typename: "App", id: "${APP_ID}" }])`
      : `(representations: [
          { __typename: "SipPhone", appId: "sales", account: "test_002" }
          { __typename: "SipPhone", id: "${PHONE_IDS[0]}" }
        ])`,
  'App.phones': () => '(first: 2)',
  'App.phone': () => '(account: "test_003")',
  'App.phonesByAccount': () => '(accounts: ["test_002", "test_001"])',
  'PhoneConnection.edges': () => '',
  'PhoneConnection.nodes': () => '',
  'PhoneEdge.node': () => '',
};

/**
 * Walks the schema from `Query` to `SipPhone` along every path that visits no type twice.
 * @throws {TypeError} for a field on such a path that has no entry above: a new way to a phone needs one.
 */
export function listWaysToAPhone(schema: GraphQLSchema, fields: string): readonly WayToAPhone[] {
  const query = schema.getQueryType();
  if (!query) throw new TypeError('The schema has no query type.');
  return walk(query, []).map(({ name, selection }) => ({ name, query: selection }));

  function walk(type: GraphQLNamedType, visited: readonly string[]): { name: string; selection: string }[] {
    if (type.name === 'SipPhone') return [{ name: '', selection: `{ ${fields} }` }];
    if (visited.includes(type.name)) return [];
    const seen = [...visited, type.name];
    if (isAbstractType(type)) {
      return schema.getPossibleTypes(type).flatMap((possible) =>
        walk(possible, seen).map(({ name, selection }) => ({
          name: `(as ${possible.name}) ${name}`,
          selection: `{ ... on ${possible.name} ${selection} }`,
        })),
      );
    }
    if (!isObjectType(type)) return [];
    return Object.values(type.getFields()).flatMap((field) =>
      walk(getNamedType(field.type), seen).map((rest) => ({
        name: `${type.name}.${field.name} ${rest.name}`.trim(),
        selection: `{ ${field.name}${argumentsOf(type.name, field, rest)} ${rest.selection} }`,
      })),
    );
  }
}

function argumentsOf(owner: string, field: GraphQLField<unknown, unknown>, rest: { name: string }): string {
  const write = ARGUMENTS[`${owner}.${field.name}`];
  if (write === undefined)
    throw new TypeError(`${owner}.${field.name} is a way to a phone that nobody has listed.`);
  return write(rest.name.startsWith('(as App)') ? 'App' : 'SipPhone');
}
