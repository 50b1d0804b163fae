import './app-phones.ts';
import './query.ts';
import { assertUnionType, extendSchema, type GraphQLField, type GraphQLSchema, parse } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { builder } from './builder.ts';
import { resolveEntities } from './entities.ts';
import { getNodeType } from './node.ts';
import { printSubgraphSdl, type SubgraphOptions } from './sdl.ts';

/** What a router asks of every subgraph. @see https://www.apollographql.com/docs/graphos/reference/federation/subgraph-specific-fields */
const FEDERATION_FIELDS = parse(`
  scalar _Any
  union _Entity = App | SipPhone
  type _Service { sdl: String! }
  extend type Query {
    _entities(representations: [_Any!]!): [_Entity]!
    _service: _Service!
  }
`);

/** Creates the schema as clients, Relay's compiler and linters read it: without what only routers use. */
export function createApiSchema(): GraphQLSchema {
  return builder.toSchema({ sortSchema: false });
}

/** Creates the schema that is served: the same, with what a federation router asks for. */
export function createSchema(options: SubgraphOptions = {}): GraphQLSchema {
  const api = createApiSchema();
  const sdl = printSubgraphSdl(api, options);
  const schema = extendSchema(api, FEDERATION_FIELDS, { assumeValidSDL: true });
  getQueryField(schema, '_service').resolve = () => ({ sdl });
  getQueryField(schema, '_entities').resolve = resolveEntities;
  assertUnionType(schema.getType('_Entity')).resolveType = getNodeType;
  return schema;
}

function getQueryField(schema: GraphQLSchema, name: string): GraphQLField<unknown, GatewayContext> {
  const field = schema.getQueryType()?.getFields()[name];
  if (field === undefined) throw new TypeError(`The schema has no field Query.${name}.`);
  return field;
}
