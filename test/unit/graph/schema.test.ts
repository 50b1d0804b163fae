import { readFile } from 'node:fs/promises';
import { composeServices as composeWithApollo } from '@apollo/composition';
import { describe, expect, it } from '@jest/globals';
import { composeServices as composeWithTheGuild } from '@theguild/federation-composition';
import { federateSubgraphs } from '@wundergraph/composition';
import {
  execute,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  parse,
  print,
  visit,
} from 'graphql';
import { createApiSchema, createSchema } from '../../../src/graph/schema.ts';
import { printSchemaFiles } from '../../../src/graph/schema-file.ts';
import { printSubgraphSdl, type SubgraphOptions } from '../../../src/graph/sdl.ts';

const api = createApiSchema();

describe('schema/', () => {
  it.each(printSchemaFiles())('has a fresh $name', async ({ name, text }) => {
    expect(await readFile(new URL(`../../../schema/${name}`, import.meta.url), 'utf8')).toBe(text);
  });
});

describe('the API schema', () => {
  const ownTypes = Object.values(api.getTypeMap()).filter(
    (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
  );

  it('describes every type, field, argument and value in sentences', () => {
    const places = ownTypes.flatMap(listPlaces);
    expect(places.length).toBeGreaterThan(50);
    expect(places.filter(({ description }) => !/^[A-Z`].*\.$/.test(description ?? ''))).toEqual([]);
  });

  it('knows nothing of federation', () => {
    expect(ownTypes.map(({ name }) => name).filter((name) => name.startsWith('_'))).toEqual([]);
    expect(Object.keys(api.getQueryType()?.getFields() ?? {})).toEqual([
      'apps',
      'app',
      'sipPhone',
      'node',
      'nodes',
    ]);
  });

  it('can be compiled by Relay: Query.node has the one argument id, and App is a node', () => {
    const { node } = api.getQueryType()?.getFields() ?? {};
    expect([String(node?.type), node?.args.map(({ name, type }) => `${name}: ${type}`)]).toEqual([
      'Node',
      ['id: ID!'],
    ]);
    expect(
      ownTypes
        .filter(isObjectType)
        .filter((type) => type.getInterfaces().some(({ name }) => name === 'Node'))
        .map(String),
    ).toEqual(['App', 'SipPhone']);
  });
});

function listPlaces(type: GraphQLNamedType): { place: string; description: string | null | undefined }[] {
  const places = [{ place: type.name, description: type.description }];
  if (isObjectType(type) || isInterfaceType(type))
    for (const field of Object.values(type.getFields())) {
      places.push({ place: `${type.name}.${field.name}`, description: field.description });
      for (const { name, description } of field.args)
        places.push({ place: `${type.name}.${field.name}(${name}:)`, description });
    }
  if (isInputObjectType(type))
    for (const { name, description } of Object.values(type.getFields()))
      places.push({ place: `${type.name}.${name}`, description });
  if (isEnumType(type))
    for (const { name, description } of type.getValues())
      places.push({ place: `${type.name}.${name}`, description });
  return places;
}

describe('the subgraph SDL', () => {
  /** A subgraph as others write them: its own Relay types, and a field on our entities. */
  const billing = (nodeField: string) => `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@inaccessible", "@external"])
    interface Node { id: ID! }
    type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
    type Query { invoices(first: Int, after: String): InvoiceConnection ${nodeField} }
    type InvoiceConnection { edges: [InvoiceEdge!]! pageInfo: PageInfo! }
    type InvoiceEdge { cursor: String! node: Invoice! }
    type Invoice implements Node @key(fields: "id") { id: ID! app: App! }
    type App @key(fields: "appId") { appId: ID! invoices: [Invoice!]! }
    type SipPhone @key(fields: "appId account") { appId: ID! account: String! monthlyFee: Int }`;

  const combinations: [options: SubgraphOptions, nodeField: string][] = [
    [{}, 'node(id: ID!): Node'],
    [{}, ''],
    [{ node: 'off' }, 'node(id: ID!): Node @shareable'],
    [{ node: 'hidden' }, 'node(id: ID!): Node @shareable @inaccessible'],
    [{ node: 'on' }, ''],
    [{ requiresScopes: true }, 'node(id: ID!): Node'],
    [{ password: 'off' }, ''],
    [{ password: 'inaccessible' }, ''],
  ];

  describe.each(combinations)('with %j, beside a Relay subgraph with "%s"', (options, nodeField) => {
    const services = [
      { name: 'phones', url: 'http://phones', typeDefs: parse(printSubgraphSdl(api, options)) },
      { name: 'billing', url: 'http://billing', typeDefs: parse(billing(nodeField)) },
    ];

    it('composes in @apollo/composition', () => {
      const { errors, supergraphSdl } = composeWithApollo(services);
      expect(errors).toBeUndefined();
      expect(supergraphSdl).toContain('type SipPhone');
    });

    it('composes in @theguild/federation-composition', () => {
      const { errors, supergraphSdl } = composeWithTheGuild(services);
      expect(errors).toBeUndefined();
      expect(supergraphSdl).toContain('type SipPhone');
    });

    it('composes in @wundergraph/composition', () => {
      const subgraphs = services.map(({ name, url, typeDefs }) => ({ name, url, definitions: typeDefs }));
      const result = federateSubgraphs({ subgraphs, version: '1' });
      expect(result).toMatchObject({ success: true });
      expect(result.success && print(result.federatedGraphAST)).toContain('type SipPhone');
    });
  });

  describe('tells a router what fields cost', () => {
    const name = 'phones';
    const typeDefs = parse(printSubgraphSdl(api));
    const weights = [
      'orderBy: PhoneOrder @cost(weight: 25)',
      '): PhoneConnection @cost(weight: 10)',
      '): SipPhone @cost(weight: 10)',
      'accounts: [String!]! @cost(weight: 10)',
      'password: String @tag(name: "secret") @cost(weight: 1)',
    ];

    it.each([
      ['@apollo/composition', composeWithApollo],
      ['@theguild/federation-composition', composeWithTheGuild],
    ])('by %s', (_, compose) => {
      const { supergraphSdl = '' } = compose([{ name, url: 'http://phones', typeDefs }]);
      expect(weights.filter((weight) => !supergraphSdl.includes(weight))).toEqual([]);
    });

    it('by @wundergraph/composition', () => {
      const result = federateSubgraphs({
        subgraphs: [{ name, url: 'http://phones', definitions: typeDefs }],
        version: '1',
      });
      const { fieldWeights } = (result.success && result.subgraphConfigBySubgraphName.get(name)?.costs) || {};
      expect([...(fieldWeights ?? [])].map(([field, { weight }]) => [field, weight])).toEqual([
        ['App.phones', 10],
        ['App.phone', 10],
        ['App.phonesByAccount', undefined],
        ['Query.sipPhone', 10],
        ['SipPhone.password', 1],
      ]);
    });

    it('never by the weight of a field that is a list, which routers multiply by its size', () => {
      const weighed: string[] = [];
      visit(typeDefs, {
        FieldDefinition: ({ name: field, type, directives = [] }) => {
          if (print(type).startsWith('[') && directives.some((directive) => directive.name.value === 'cost'))
            weighed.push(field.value);
        },
      });
      expect(weighed).toEqual([]);
    });
  });

  it('leaves nodes to others unless told otherwise', () => {
    expect(printSubgraphSdl(api)).not.toMatch(/\bnodes?\(/);
    expect(printSubgraphSdl(api, { node: 'on' })).toMatch(/\bnode\([^)]*\): Node\n/);
    expect(printSubgraphSdl(api, { node: 'hidden' })).toMatch(
      /\bnode\([^)]*\): Node @inaccessible @shareable\n/,
    );
  });

  it('asks the router for scopes only when told to', () => {
    expect(printSubgraphSdl(api)).not.toContain('requiresScopes');
    expect(printSubgraphSdl(api, { requiresScopes: true })).toContain(
      'password: String @tag(name: "secret") @cost(weight: 1) @requiresScopes(scopes: [["passwords:read"]])',
    );
  });

  it('shows the password, hides it or leaves it out', () => {
    expect(printSubgraphSdl(api)).toContain('password: String @tag(name: "secret") @cost(weight: 1)\n');
    expect(printSubgraphSdl(api, { password: 'inaccessible' })).toContain(
      'password: String @tag(name: "secret") @cost(weight: 1) @inaccessible\n',
    );
    expect(printSubgraphSdl(api, { password: 'off' })).not.toMatch(/^ +password:/m);
  });

  it('puts scopes on fields, never on a type that another subgraph shares', () => {
    const sdl = printSubgraphSdl(api, { requiresScopes: true });
    expect(sdl).not.toMatch(/^type .*@requiresScopes/m);
    expect(sdl).toContain('displayNum: String @requiresScopes(scopes: [["phones:read"]])');
  });

  it('is what _service answers', async () => {
    const { data } = await execute({
      schema: createSchema({ node: 'hidden' }),
      document: parse('{ _service { sdl } }'),
    });
    expect(data).toEqual({ _service: { sdl: printSubgraphSdl(api, { node: 'hidden' }) } });
  });

  it('names the keys of each entity', () => {
    const sdl = printSubgraphSdl(api);
    expect(sdl).toContain('type App implements Node @key(fields: "id") @key(fields: "appId") {');
    expect(sdl).toContain('type SipPhone implements Node @key(fields: "id") @key(fields: "appId account") {');
  });
});
