import './app-phones.ts';
import './query.ts';
import {
  assertObjectType,
  assertUnionType,
  extendSchema,
  type GraphQLField,
  type GraphQLSchema,
  parse,
} from 'graphql';
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

/** What is part of the graph at all. */
export interface GraphOptions {
  /** Whether phones have passwords. Defaults to true. */
  readonly passwords?: boolean;
}

/** Creates the schema as clients, Relay's compiler and linters read it: without what only routers use. */
export function createApiSchema({ passwords = true }: GraphOptions = {}): GraphQLSchema {
  const schema = builder.toSchema({ sortSchema: false });
  if (!passwords) removePassword(schema);
  return schema;
}

/** `toSchema` makes new types each time: no other schema loses the field. */
function removePassword(schema: GraphQLSchema): void {
  const phone = assertObjectType(schema.getType('SipPhone'));
  delete phone.getFields()['password'];
  if (phone.astNode == null) throw new TypeError('The type SipPhone has no definition.');
  const fields = phone.astNode.fields?.filter(({ name }) => name.value !== 'password') ?? [];
  phone.astNode = { ...phone.astNode, fields };
}

/** Creates the schema that is served: the same, with what a federation router asks for. */
export function createSchema(options: SubgraphOptions = {}, graph: GraphOptions = {}): GraphQLSchema {
  const api = createApiSchema(graph);
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
