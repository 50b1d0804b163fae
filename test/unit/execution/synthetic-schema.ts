import {
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLFieldConfigMap,
  GraphQLFloat,
  GraphQLID,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  responsePathAsArray,
} from 'graphql';

/** Decides what a resolver does where: the same for each execution that is given the same seed. */
export interface Context {
  readonly seed: number;
  /** How often in 100 something goes wrong, or is null. */
  readonly failures: number;
  /** How often in 100 a value comes later. */
  readonly promises: number;
}

const Color = new GraphQLEnumType({
  name: 'Color',
  values: { RED: { value: 'red' }, GREEN: { value: 2 }, BLUE: { value: null } },
});

const Json = new GraphQLScalarType({
  name: 'Json',
  serialize(value) {
    if (value === 'unfit') throw new TypeError('Json cannot represent value: "unfit"');
    return value === 'nothing' ? undefined : value;
  },
});

const Point = new GraphQLInputObjectType({
  name: 'Point',
  fields: () => ({
    x: { type: new GraphQLNonNull(GraphQLInt) },
    y: { type: GraphQLInt, defaultValue: 7 },
    label: { type: GraphQLString },
    inner: { type: Point },
    any: { type: Json },
  }),
});

const Node = new GraphQLInterfaceType({
  name: 'Node',
  fields: () => ({ id: { type: new GraphQLNonNull(GraphQLID) }, child: { type: A } }),
  resolveType: (source, { seed, promises }: Context, info) => {
    const name = read(source) === 'b' ? 'B' : (WRONG_TYPES[hash(`${seed} ${place(info)}`) % 40] ?? 'A');
    return promises > 50 ? waitTurns(1).then(() => name) : name;
  },
});

/** Has no resolver of its own for its types: they are told by `isTypeOf`. */
const Either = new GraphQLUnionType({ name: 'Either', types: () => [C, D] });

/** What a resolver of types may do wrong. */
const WRONG_TYPES = [undefined, 'Missing', 'Json', 'C'];

const A: GraphQLObjectType = new GraphQLObjectType({ name: 'A', interfaces: [Node], fields: listFields });
const B: GraphQLObjectType = new GraphQLObjectType({ name: 'B', interfaces: [Node], fields: listFields });
const C: GraphQLObjectType = new GraphQLObjectType({
  name: 'C',
  fields: listFields,
  isTypeOf: (source, { promises }: Context) =>
    promises > 0 ? waitTurns(1).then(() => read(source) === 'a') : read(source) === 'a',
});
const D: GraphQLObjectType = new GraphQLObjectType({
  name: 'D',
  fields: listFields,
  isTypeOf: (source) => read(source) === 'b',
});

function listFields(): GraphQLFieldConfigMap<unknown, Context> {
  const strict = new GraphQLNonNull(A);
  return {
    id: {
      type: new GraphQLNonNull(GraphQLID),
      resolve: (_source, _args, context, info) => act(context, info, 'id', (h) => (h % 2 ? h : `id"${h}`)),
    },
    // Read from the source.
    text: { type: GraphQLString },
    strictText: { type: new GraphQLNonNull(GraphQLString) },
    int: { type: GraphQLInt },
    float: { type: GraphQLFloat },
    flag: { type: GraphQLBoolean },
    color: { type: Color },
    json: { type: Json },
    method: { type: GraphQLString, args: { i: { type: GraphQLInt, defaultValue: 4 } } },
    texts: { type: new GraphQLList(GraphQLString) },
    strictTexts: { type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(GraphQLString))) },
    // Made by resolvers.
    echo: {
      type: GraphQLString,
      args: {
        i: { type: GraphQLInt, defaultValue: 3 },
        strict: { type: new GraphQLNonNull(GraphQLInt), defaultValue: 5 },
        s: { type: GraphQLString },
        ids: { type: new GraphQLList(new GraphQLNonNull(GraphQLID)) },
        point: { type: Point },
        color: { type: Color, defaultValue: 2 },
        any: { type: Json },
      },
      resolve: (_source, args) => JSON.stringify(args),
    },
    whereAmI: { type: GraphQLString, resolve: (_source, _args, _context, info) => describe(info) },
    child: { type: A, resolve: resolveObject },
    strictChild: { type: strict, resolve: resolveObject },
    node: { type: Node, resolve: resolveObject },
    either: { type: Either, resolve: resolveObject },
    list: { type: new GraphQLList(A), resolve: (...call) => resolveList(call[2], call[3], 'some') },
    strictList: {
      type: new GraphQLNonNull(new GraphQLList(strict)),
      resolve: (...call) => resolveList(call[2], call[3], 'all'),
    },
    nodes: { type: new GraphQLList(Node), resolve: (...call) => resolveList(call[2], call[3], 'some') },
    matrix: {
      type: new GraphQLList(new GraphQLNonNull(new GraphQLList(strict))),
      resolve: (_source, _args, context, info) =>
        act(context, info, 'matrix', () =>
          [0, 1].map((row) => later(context, () => resolveList(context, info, 'all', row))),
        ),
    },
  };
}

/** One schema with every kind of type, nullability and resolver. */
export const syntheticSchema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: listFields }),
  types: [A, B, C, D],
});

function resolveObject(
  _source: unknown,
  _args: unknown,
  context: Context,
  info: GraphQLResolveInfo,
): unknown {
  return act(context, info, 'object', (h) => createSource(context, info, h));
}

/**
 * @param which items are promises, where there are any. Where null is not allowed it has to be all or none: graphql-js
 * leaves the rejections of those before one that throws unhandled, which ends the process.
 */
function resolveList(context: Context, info: GraphQLResolveInfo, which: 'all' | 'some', row = 0): unknown {
  return act(context, info, `list${row}`, (h) => {
    if (h % 17 === 0) return 'not a list';
    const items = Array.from({ length: h % 3 }, (_, index) => {
      const make = () => act(context, info, `item${row} ${index}`, (own) => createSource(context, info, own));
      return which === 'all' ? later(context, make) : make();
    });
    return h % 5 === 0 ? new Set(items) : items;
  });
}

function later({ promises }: Context, make: () => unknown): unknown {
  return promises === 0 ? make() : Promise.resolve().then(make);
}

/** An object whose properties are what the fields without a resolver read; some are wrong for their type. */
function createSource(context: Context, info: GraphQLResolveInfo, h: number): object {
  const property = (name: string, values: readonly unknown[]) =>
    act(context, info, `${name}${h}`, (own) => values[own % values.length]);
  return {
    kind: h % 2 === 0 ? 'a' : 'b',
    get text() {
      return property('text', ['', 'plain', 'quo"te\\', 'line\n\u2028', '\ud83d\ude00 \ud83d', 12, true, {}]);
    },
    get strictText() {
      return property('strictText', ['a', 'b', 'c', 3]);
    },
    get int() {
      return property('int', [0, -0, 2 ** 31 - 1, 2 ** 31, 1.5, '12', true, Number.NaN]);
    },
    get float() {
      return property('float', [0.1, 1e21, -0, Number.POSITIVE_INFINITY, '1.5', false]);
    },
    get flag() {
      return property('flag', [true, false, 1, 'yes']);
    },
    get color() {
      return property('color', ['red', 2, 'pink', null]);
    },
    get json() {
      return property('json', [
        { b: [1, null], a: '"' },
        [],
        'nothing',
        'unfit',
        Number.NaN,
        { x: undefined },
      ]);
    },
    method: ({ i }: { readonly i: number }) => act(context, info, `method${h}`, (own) => `${own + i}`),
    get texts() {
      return property('texts', [
        [],
        ['a', null, 'b"'],
        'none',
        new Set(['c']),
        [later(context, () => 'd'), {}],
      ]);
    },
    get strictTexts() {
      return property('strictTexts', [
        ['a'],
        ['b', null],
        ['c', null].map((text) => later(context, () => text)),
      ]);
    },
  };
}

/** What resolvers may see of their place. */
function describe({
  fieldName,
  fieldNodes,
  returnType,
  parentType,
  path,
  variableValues,
  ...rest
}: GraphQLResolveInfo) {
  return JSON.stringify({
    fieldName,
    nodes: fieldNodes.map(({ loc }) => loc?.start),
    returnType,
    parentType,
    path,
    variableValues,
    fragments: Object.keys(rest.fragments),
    operation: rest.operation.loc?.start,
    isSchema: rest.schema === syntheticSchema,
  });
}

function read(source: unknown): unknown {
  return typeof source === 'object' && source !== null && 'kind' in source ? source.kind : undefined;
}

function place({ path }: GraphQLResolveInfo): string {
  return responsePathAsArray(path).join('.');
}

/** Returns, resolves, throws or rejects: by the seed and the place. */
function act(
  { seed, failures, promises }: Context,
  info: GraphQLResolveInfo,
  what: string,
  make: (h: number) => unknown,
): unknown {
  const h = hash(`${seed} ${what} ${place(info)}`);
  const fails = h % 100 < failures;
  const way = (h >>> 8) % 4;
  const error = new Error(`${what} fails at ${place(info)}`);
  const isLater = (h >>> 12) % 100 < promises;
  if (fails && way === 0 && !isLater) throw error;
  const value = fails ? (way < 2 ? error : way === 2 ? null : undefined) : make(h >>> 16);
  if (!isLater) return value;
  const turns = (h >>> 20) % 4;
  return waitTurns(turns).then(() => {
    if (fails && way === 0) throw error;
    return value;
  });
}

async function waitTurns(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await undefined;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 2_166_136_261;
  for (let index = 0; index < text.length; index++)
    value = Math.imul(value ^ text.charCodeAt(index), 16_777_619) >>> 0;
  // Its last bits are poor.
  return Math.imul(value ^ (value >>> 15), 2_246_822_519) >>> 0;
}
