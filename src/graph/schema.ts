import './app-phones.ts';
import './query.ts';
import { assertUnionType, type GraphQLField, type GraphQLSchema } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { builder } from './builder.ts';
import { resolveEntities } from './entities.ts';
import { getNodeType } from './node.ts';
import { printSubgraphSdl, type SubgraphOptions } from './subgraph-sdl.ts';

/** The newest version of federation that the composers of Apollo, Hive and Cosmo all know. */
const FEDERATION_URL = 'https://specs.apollo.dev/federation/v2.9';
const FEDERATION_DIRECTIVES = ['@inaccessible', '@key', '@requiresScopes', '@shareable'];

/** Creates the schema as clients, Relay's compiler and linters read it: without what only routers use. */
export function createApiSchema(): GraphQLSchema {
  return builder.toSchema({ sortSchema: false });
}

/** Creates the schema that is served: the same, with what a federation router asks for. */
export function createSchema(options: SubgraphOptions = {}): GraphQLSchema {
  const schema = builder.toSubGraphSchema({
    linkUrl: FEDERATION_URL,
    federationDirectives: FEDERATION_DIRECTIVES,
  });
  const sdl = printSubgraphSdl(schema, options);
  getQueryField(schema, '_service').resolve = () => ({ sdl });
  getQueryField(schema, '_entities').resolve = resolveEntities;
  assertUnionType(schema.getType('_Entity')).resolveType = getNodeType;
  return schema;
}

function getQueryField(schema: GraphQLSchema, name: string): GraphQLField<unknown, GatewayContext> {
  const field = schema.getQueryType()?.getFields()[name];
  if (field === undefined) throw new TypeError(`The federation plugin has made no field "${name}".`);
  return field;
}
