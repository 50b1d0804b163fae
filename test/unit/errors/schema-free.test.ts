import { describe, expect, it } from '@jest/globals';
import { getOperationAST, getVariableValues, parse, validate } from 'graphql';
import { hideSchema, shortenQuotes } from '../../../src/errors/schema-free.ts';
import { createSchema } from '../../../src/graph/schema.ts';

const schema = createSchema({ node: 'off', requiresScopes: false, password: 'on' });
const TYPE_NAMES = Object.keys(schema.getTypeMap()).map((name) => new RegExp(`\\b${name}\\b`));

/** Everything that the library has to say of a document. */
function complain(text: string, variables: Readonly<Record<string, unknown>> = {}): string[] {
  const document = parse(text);
  const mistakes = validate(schema, document);
  const definitions = getOperationAST(document)?.variableDefinitions ?? [];
  const { errors = [] } = getVariableValues(schema, definitions, variables);
  return [...mistakes, ...errors].map(({ message }) => message);
}

/** A document, what is said of it first, and its variables. */
const MISTAKES: readonly (readonly [
  text: string,
  message: string,
  variables?: Readonly<Record<string, unknown>>,
])[] = [
  ['{ ap { id } }', 'Cannot query field "ap".'],
  ['{ apps { nam } }', 'Cannot query field "nam".'],
  ['{ apps(first: 1) { id } }', 'Unknown argument "first".'],
  ['{ apps }', 'Field "apps" does not fit the schema.'],
  ['{ apps { id { x } } }', 'Field "id" does not fit the schema.'],
  ['{ app { id } }', 'Field "app" does not fit the schema.'],
  ['{ node(id: { x: 1 }) { id } }', 'The document does not fit the schema.'],
  ['{ app(appId: "a") { phones(first: "x") { totalCount } } }', 'The document does not fit the schema.'],
  ['query ($n: Strin) { node(id: $n) { id } }', 'Unknown type "Strin".'],
  ['query ($n: Boolean) { node(id: $n) { id } }', 'Variable "$n" does not fit where it is used.'],
  ['{ apps { ... on SipPhon { id } } }', 'Unknown type "SipPhon".'],
  ['{ apps { ...F } } fragment F on SipPhone { id }', 'Fragment "F" cannot be spread here.'],
  ['{ apps { id @skp(if: true) } }', 'Unknown directive "@skp".'],
  ['{ apps { x: id x: name } }', 'Fields "x" do not fit together.'],
  [
    'query ($n: Int!) { apps { id @skip(if: $n) } }',
    'Variable "$n" does not fit where it is used.',
    { n: 1 },
  ],
  ['query ($n: ID!) { node(id: $n) { id } }', 'Variable "$n" was not provided.'],
  ['query ($n: ID!) { node(id: $n) { id } }', 'Variable "$n" must not be null.', { n: null }],
  [
    'query ($n: [ID!]!) { nodes(ids: $n) { id } }',
    'Variable "$n" has a value that does not fit.',
    { n: [{}] },
  ],
];

describe('hideSchema', () => {
  it('says what its reader can know', () => {
    const told = MISTAKES.map(([text, , variables = {}]) => complain(text, variables).map(hideSchema));
    expect(told.map((messages) => messages[0])).toEqual(MISTAKES.map(([, message]) => message));
  });

  it('names no type that its reader has not named, and suggests nothing', () => {
    for (const [text, , variables = {}] of MISTAKES) {
      const told = complain(text, variables).map(hideSchema).join('\n');
      const leaked = TYPE_NAMES.filter((name) => name.test(told) && !name.test(text));
      expect([text, leaked, told.includes('Did you mean')]).toEqual([text, [], false]);
    }
  });

  it('leaves what the parser says', () => {
    expect(hideSchema('Syntax Error: Expected Name, found "}".')).toBe(
      'Syntax Error: Expected Name, found "}".',
    );
  });
});

describe('shortenQuotes', () => {
  it('leaves short messages as they are', () => {
    const [message = ''] = complain('query ($n: Int) { apps { id } }', { n: 'x'.repeat(60) }).slice(1);
    expect(shortenQuotes(message)).toBe(message);
    expect(message).toContain('x'.repeat(60));
  });

  it('keeps the beginning of a long value, and the reason', () => {
    const message = complain('query ($n: Int) { app(appId: "a") { phones(first: $n) { totalCount } } }', {
      n: `"${'x'.repeat(60_000)}`,
    }).map(shortenQuotes);
    expect(message).toEqual([
      `Variable "$n" got invalid value "\\"${'x'.repeat(28)}…"; Int cannot represent non-integer value: "\\"${'x'.repeat(28)}…"`,
    ]);
  });

  it('cuts a value of many parts', () => {
    const value = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`key${index}`, index]));
    const [message = ''] = complain(
      'query ($n: ID) { node(id: "x") { id @skip(if: false) } nodes(ids: [$n]) { id } }',
      {
        n: value,
      },
    )
      .slice(-1)
      .map(shortenQuotes);
    expect(message.length).toBeLessThanOrEqual(503);
    expect(message).toMatch(/^Variable "\$n" got invalid value .* … .*}$/s);
  });
});
