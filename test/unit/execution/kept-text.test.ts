import { describe, expect, it } from '@jest/globals';
import { buildSchema, type GraphQLSchema, parse } from 'graphql';
import { KeepsText } from '../../../src/domain/kept-text.ts';
import { OF_PARENT_ALONE } from '../../../src/domain/parent-alone.ts';
import { createTestExecutor, executeCompiled, present, writeData } from './executed.ts';

/** Counts how often it is read. */
class Edge extends KeepsText {
  reads = 0;
  readonly name: unknown;
  readonly node: object | undefined;

  constructor(name: unknown, node?: object) {
    super();
    this.name = name;
    this.node = node;
  }

  get cursor(): string {
    this.reads++;
    return `cursor of ${String(this.name)}`;
  }
}

function createTestSchema(): GraphQLSchema {
  const schema = buildSchema(`
    type Query { edges: [Edge!] }
    type Edge { cursor: String!, name: String, sized(size: Int): String, node: Node }
    type Node { id: ID!, now: String, name: String }
  `);
  const fields = schema.getType('Node');
  if (fields === undefined || !('getFields' in fields)) throw new TypeError('no Node');
  const { id, now } = fields.getFields();
  if (id === undefined || now === undefined || !('resolve' in id) || !('resolve' in now))
    throw new TypeError('no fields');
  id.resolve = ({ name }: { readonly name: string }) => `id of ${name}`;
  id.extensions = OF_PARENT_ALONE;
  let moment = 0;
  now.resolve = () => `moment ${moment++}`;
  return schema;
}

const schema = createTestSchema();

function createRun(edges: readonly unknown[], objects = 20_000) {
  const executor = createTestExecutor({ walls: { objects, bytes: 2 ** 20 } });
  const documents = new Map<string, ReturnType<typeof parse>>();
  return async (text: string) => {
    const document = documents.get(text) ?? parse(text);
    documents.set(text, document);
    return executeCompiled(executor, { schema, document, rootValue: { edges } });
  };
}

describe('An object that keeps its text', () => {
  it('is written twice, and then found as it was written', async () => {
    const edges = [new Edge('a', { name: 'x' }), new Edge('"b"')];
    const run = createRun(edges);
    const text = '{ edges { cursor name node { id name } } }';
    const answers = [await run(text), await run(text), await run(text), await run(text)].map(writeData);
    expect(new Set(answers)).toEqual(
      new Set([
        JSON.stringify({
          edges: [
            { cursor: 'cursor of a', name: 'a', node: { id: 'id of x', name: 'x' } },
            { cursor: 'cursor of "b"', name: '"b"', node: null },
          ],
        }),
      ]),
    );
    expect(edges.map(({ reads }) => reads)).toEqual([2, 2]);
  });

  it('is written anew for another selection, and again for the first one', async () => {
    const run = createRun([new Edge('a')]);
    const texts = ['{ edges { cursor } }', '{ edges { again: cursor name } }'];
    for (let round = 0; round < 4; round++)
      for (const text of texts.flatMap((text) => Array(round).fill(text)))
        expect(writeData(await run(text))).toBe(
          text === texts[0]
            ? '{"edges":[{"cursor":"cursor of a"}]}'
            : '{"edges":[{"again":"cursor of a","name":"a"}]}',
        );
  });

  it.each([
    ['a resolver may say something else each time', 'cursor node { now }'],
    ['an argument may be another one', 'cursor sized(size: 1)'],
  ])('is written each time where %s', async (_why, selection) => {
    const edge = new Edge('a', { name: 'x' });
    const run = createRun([edge]);
    const answers = [];
    for (let round = 1; round <= 4; round++) {
      answers.push(writeData(await run(`{ edges { ${selection} } }`)));
      expect(edge.reads).toBe(round);
    }
    expect(new Set(answers).size).toBe(selection.includes('now') ? 4 : 1);
  });

  it('fails each time where it has failed once, in part or as a whole', async () => {
    const failing = { toString: () => 'failing', valueOf: () => ({}) };
    for (const [edge, selection] of [
      [new Edge(failing), 'cursor name'],
      [new Edge('a', { name: undefined, id: null }), 'cursor node { id }'],
    ] as const) {
      const run = createRun([edge]);
      const first = present(await run(`{ edges { ${selection} } }`));
      for (let round = 0; round < 3; round++)
        expect(present(await run(`{ edges { ${selection} } }`))).toEqual(first);
    }
  });

  it('counts as the objects that it writes', async () => {
    const edges = Array.from({ length: 10 }, () => new Edge('a', { name: 'x' }));
    const text = '{ edges { node { name } } }';
    for (const [limit, fits] of [
      [21, true],
      [20, false],
    ] as const) {
      const run = createRun(edges, limit);
      for (let round = 0; round < 4; round++) expect((await run(text)).errors === undefined).toBe(fits);
    }
  });
});
