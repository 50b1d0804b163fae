import { describe, expect, it } from '@jest/globals';
import {
  buildSchema,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLResolveInfo,
  parse,
} from 'graphql';
import type { ExecutorOptions } from '../../../src/execution/executor.ts';
import { WrittenData } from '../../../src/execution/written-data.ts';
import { createTestExecutor, executeCompiled, writeData } from './executed.ts';

const schema = buildSchema(`
  scalar Any
  type Query { item: Item, items: [Item!], text(value: Any, size: Int = 2): String, later: Item }
  type Item { name: String, size: Int, strict: String!, item: Item }
`);

/** Executes a document; methods of the root are its resolvers. */
function ask(
  text: string | DocumentNode,
  rootValue: object,
  variableValues: Record<string, unknown> = {},
  options?: Partial<ExecutorOptions>,
): Promise<ExecutionResult> {
  const document = typeof text === 'string' ? parse(text) : text;
  return executeCompiled(createTestExecutor(options), { schema, document, rootValue, variableValues });
}

describe('createExecutor', () => {
  it.each([
    '{ item { ...F @skip(if: $yes) ...F } } fragment F on Item { name }',
    '{ item { ...F ...F @skip(if: $yes) } } fragment F on Item { name }',
    '{ item { name @skip(if: $yes) name } }',
    '{ item @skip(if: $yes) { size } item { name } }',
  ])('keeps what is selected twice and left out once: %s', async (selection) => {
    const document = `query ($yes: Boolean!) ${selection}`;
    const result = await ask(document, { item: { name: 'a' } }, { yes: true });
    expect(writeData(result)).toBe('{"item":{"name":"a"}}');
  });

  it('hands variables inside of a literal of any scalar to the resolver', async () => {
    const text = (args: object) => JSON.stringify(args);
    const result = await ask(
      'query ($i: Int) { text(value: { list: [$i, { i: $i }] }) }',
      { text },
      { i: 5 },
    );
    expect(JSON.parse(writeData(result) ?? '')).toEqual({ text: '{"value":{"list":[5,{"i":5}]},"size":2}' });
  });

  it.each(['toString', 'constructor', '__proto__', 'hasOwnProperty'])(
    'takes a variable $%s for one that is not given, unless it is',
    async (name) => {
      const document = parse(`query ($${name}: Int) { text(size: $${name}) }`);
      const root = { text: ({ size }: { readonly size?: number }) => String(size) };
      const given = Object.defineProperty({}, name, { value: 7, enumerable: true });
      expect(writeData(await ask(document, root))).toBe('{"text":"2"}');
      expect(writeData(await ask(document, root, given))).toBe('{"text":"7"}');
    },
  );

  it.each(['__proto__', 'constructor', 'toString'])('answers under the alias %s', async (alias) => {
    const result = await ask(`{ item { ${alias}: name } ${alias}: __typename }`, { item: { name: 'a' } });
    expect(writeData(result)).toBe(`{"item":{"${alias}":"a"},"${alias}":"Query"}`);
    expect(Object.hasOwn(JSON.parse(writeData(result) ?? ''), alias)).toBe(true);
  });

  it('tells resolvers of the nodes that are not left out alone', async () => {
    let seen: unknown;
    const item = (_args: object, _context: unknown, { fieldNodes }: GraphQLResolveInfo) => {
      seen = fieldNodes.flatMap(({ selectionSet }) =>
        selectionSet?.selections.map((node) => node.loc?.start),
      );
      return {};
    };
    await ask(
      'query ($no: Boolean!) { item { size } item @include(if: $no) { name } }',
      { item },
      { no: false },
    );
    expect(seen).toEqual([31]);
  });

  it('gives each call arguments of its own', async () => {
    const text = (args: { size: number }) => String(args.size++);
    const document = parse('{ text }');
    const executor = createTestExecutor();
    const args = { schema, document, rootValue: { text } };
    expect(writeData(await executeCompiled(executor, args))).toBe('{"text":"2"}');
    expect(writeData(await executeCompiled(executor, args))).toBe('{"text":"2"}');
  });

  it('refuses variables that are wrong before anything is executed, in the words of graphql-js', () => {
    const document = parse('query ($i: Int!) { text(size: $i) }');
    expect(createTestExecutor().prepare({ schema, document, variableValues: { i: 'x' } })).toEqual({
      errors: [
        expect.objectContaining({
          message: 'Variable "$i" got invalid value "x"; Int cannot represent non-integer value: "x"',
        }),
      ],
    });
  });

  it('offers the variables with their defaults', () => {
    const document = parse('query ($i: Int = 3, $s: Boolean) { text(size: $i) @skip(if: $s) }');
    expect(createTestExecutor().prepare({ schema, document, variableValues: { s: true } })).toMatchObject({
      variables: { i: 3, s: true },
    });
  });

  it('quotes no value in an error', async () => {
    const result = await ask('{ item { size name } }', { item: { size: 'secret', name: { secret: 1 } } });
    expect(result.errors?.map(({ message }) => message)).toEqual([
      'Int cannot represent a value that was resolved.',
      'String cannot represent a value that was resolved.',
    ]);
  });

  // graphql-js leaves the first one unhandled, which ends the process.
  it('handles a rejection in a list that has failed already', async () => {
    const late = {
      get strict() {
        return Promise.reject(new Error('late'));
      },
    };
    const result = await ask('{ items { strict } }', { items: () => [late, { strict: null }] });
    expect(writeData(result)).toBe('{"items":null}');
    await new Promise(setImmediate);
    expect(result.errors).toHaveLength(1);
  });

  it('leaves to graphql-js what is no query', () => {
    const document = parse('subscription { item { name } }');
    expect(createTestExecutor().prepare({ schema, document })).toMatchObject({ plan: undefined });
  });

  it('keeps a plan for each case of the conditions, up to 8, and tells what they take', async () => {
    const grown: number[] = [];
    const executor = createTestExecutor({ onGrowth: (_document, bytes) => grown.push(bytes) });
    const names = ['a', 'b', 'c', 'd'];
    const document = parse(
      `query (${names.map((name) => `$${name}: Boolean!`)}) { ${names.map((name) => `${name}: __typename @skip(if: $${name})`).join(' ')} }`,
    );
    for (let round = 0; round < 2; round++)
      for (let bits = 0; bits < 16; bits++) {
        const variableValues = Object.fromEntries(
          names.map((name, bit) => [name, ((bits >> bit) & 1) === 1]),
        );
        const result = await executeCompiled(executor, { schema, document, variableValues });
        expect(Object.keys(JSON.parse(writeData(result) ?? ''))).toEqual(
          names.filter((name) => !variableValues[name]),
        );
      }
    expect(grown).toHaveLength(8);
    expect(grown).toEqual([...grown].sort((a, b) => a - b));
  });
});

describe('the result', () => {
  const document = '{ item { name } }';

  it('is text, and a tree for whoever writes it as JSON, or a copy of it', async () => {
    const result = await ask(document, { item: { name: '"' } });
    expect(result).toEqual({ data: new WrittenData('{"item":{"name":"\\""}}') });
    expect(JSON.stringify({ ...result })).toBe('{"data":{"item":{"name":"\\""}}}');
  });
});
