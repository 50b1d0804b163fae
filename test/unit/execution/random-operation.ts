import fc from 'fast-check';
import { createDice, type Dice } from './dice.ts';

/** A document with one operation, and variables for it. */
export interface RandomOperation {
  readonly text: string;
  readonly variableValues: Readonly<Record<string, unknown>>;
}

const OBJECT_FIELDS = ['child', 'strictChild', 'list', 'strictList', 'matrix'];
const ABSTRACT_FIELDS = ['node', 'nodes', 'either'];
const LEAVES = [
  'id',
  'text',
  'strictText',
  'int',
  'float',
  'flag',
  'color',
  'json',
  'method',
  'texts',
  'strictTexts',
  'whereAmI',
  '__typename',
  // An alias stands for one field, or fields of one key could not be merged.
  '__proto__: text',
  'constructor: int',
  'toString: strictText',
  'named: __typename',
  'called: method(i: $toString)',
  'e0: echo',
  'e1: echo(i: null, s: "a\\"b", ids: ["x", 1], color: RED)',
  'e2: echo(i: $toString, s: $constructor)',
  'e3: echo(ids: ["x", $id], point: {x: 1, label: $constructor, inner: {x: $x}})',
  'e4: echo(point: $point, ids: $ids, color: $color)',
  'e5: echo(any: {a: [$x, {b: $constructor}], c: $toString}, ids: $id)',
  'e6: echo(strict: $__proto__)',
];
const CONDITIONS = [
  '@skip(if: $s)',
  '@include(if: $s)',
  '@skip(if: $t)',
  '@include(if: $t)',
  '@skip(if: true)',
];
const DEFINITIONS =
  '$s: Boolean!, $t: Boolean = true, $toString: Int, $constructor: String = "x", $id: ID = "i", $x: Int = 2, $ids: [ID!], $point: Point, $color: Color, $__proto__: Int = 6';

/** Fragments, each of which may spread those after it, on every type that they fit. */
const FRAGMENTS = ['A', 'Node', 'A', 'B', 'Either'];

/** Operations over the synthetic schema: valid ones, nearly all. They do not shrink: fair dice make better documents. */
export const randomOperations: fc.Arbitrary<RandomOperation> = fc.nat().map((seed) => {
  const dice = createDice(seed);
  return { text: createText(dice), variableValues: createVariables(dice) };
});

function createText(dice: Dice): string {
  const pick = (items: readonly string[]) => items[dice(items.length)] ?? '';
  const chance = (percent: number) => dice(100) < percent;
  const condition = () => (chance(20) ? ` ${pick(CONDITIONS)}` : '');

  function selections(type: string, depth: number, firstFragment: number): string {
    const count = 1 + dice(5);
    return Array.from({ length: count }, () => selection(type, depth, firstFragment)).join(' ');
  }

  function selection(type: string, depth: number, firstFragment: number): string {
    const fits = FRAGMENTS.flatMap((on, index) =>
      index >= firstFragment && canSpread(type, on) ? [index] : [],
    );
    if (fits.length > 0 && chance(25)) return `...F${pick(fits.map(String))}${condition()}`;
    if (chance(15)) {
      const on = pick(
        ['A', 'B', 'Node', 'C', 'Either'].filter((other) => canSpread(type, other)).concat(type),
      );
      return `... on ${on}${condition()} { ${selections(on, depth, firstFragment)} }`;
    }
    if (type === 'Either') return `__typename${condition()}`;
    if (type === 'Node') return `${pick(['id', '__typename', 'named: __typename'])}${condition()}`;
    if (depth > 0 && chance(45)) {
      const isAbstract = chance(35);
      const field = pick(isAbstract ? ABSTRACT_FIELDS : OBJECT_FIELDS);
      const below = isAbstract ? (field === 'either' ? 'Either' : 'Node') : 'A';
      return `${field}${condition()} { ${selections(below, depth - 1, firstFragment)} }`;
    }
    return `${pick(LEAVES)}${condition()}`;
  }

  const fragments = FRAGMENTS.map(
    (on, index) => `fragment F${index} on ${on} { ${selections(on, index < 2 ? 1 : 0, index + 1)} }`,
  );
  return `query (${DEFINITIONS}) { ${selections('Query', 2, 0)} }\n${fragments.join('\n')}`;
}

function canSpread(type: string, on: string): boolean {
  const possible: Readonly<Record<string, readonly string[]>> = {
    Query: ['Query'],
    A: ['A'],
    B: ['B'],
    C: ['C'],
    Node: ['A', 'B'],
    Either: ['C', 'D'],
  };
  return (possible[type] ?? []).some((name) => possible[on]?.includes(name));
}

function createVariables(dice: Dice): Record<string, unknown> {
  const given: Record<string, unknown> = { s: dice(2) === 0 };
  const maybe = (name: string, values: readonly unknown[]) => {
    const index = dice(values.length + 1);
    if (index < values.length)
      Object.defineProperty(given, name, { value: values[index], enumerable: true, configurable: true });
  };
  maybe('t', [true, false, false, null]);
  maybe('toString', [1, null]);
  maybe('constructor', ['given', null]);
  maybe('id', ['j', 5]);
  maybe('x', [9]);
  maybe('ids', [['a', 1], [], null, 'one']);
  maybe('point', [{ x: 1 }, { x: 2, y: null, inner: { x: 3, label: '"' } }, null]);
  maybe('color', ['RED', 'BLUE', null]);
  maybe('__proto__', [1, null]);
  return given;
}
