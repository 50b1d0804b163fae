/** What may be said of a mistake to someone who does not see the schema: the beginning of the library's message. */
const SAFE_BEGINNINGS: readonly RegExp[] = [
  /^Cannot query field "\w+"/,
  /^Unknown argument "\w+"/,
  /^Unknown type "\w+"/,
  /^Unknown directive "@\w+"/,
  /^Unknown fragment "\w+"/,
  /^Fragment "\w+" is never used/,
  /^Cannot spread fragment "\w+" within itself/,
  /^Variable "\$\w+" is never used/,
  /^Variable "\$\w+" is not defined/,
  /^There can be only one \w+ named "\$?\w+"/,
  /^This anonymous operation must be the only defined operation/,
  /^The directive "@\w+" can only be used once at this location/,
];

/** What is wrong with a variable or an argument, by what its message begins with. */
const SAFE_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^(Variable "\$\w+") got invalid value/, 'has a value that does not fit'],
  [/^(Variable "\$\w+") of required type .* was not provided/, 'was not provided'],
  [/^(Variable "\$\w+") of non-null type/, 'must not be null'],
  [/^(Variable "\$\w+") of type .* used in position/, 'does not fit where it is used'],
  [/^(Argument "\w+") /, 'has no value that fits'],
  [/^(Fragment "\w+") cannot be spread here/, 'cannot be spread here'],
  [/^(Field "\w+") (?:argument|of type|must) /, 'does not fit the schema'],
  [/^(Fields "\w+") conflict/, 'do not fit together'],
];

const NOTHING_SAFE = 'The document does not fit the schema.';

/**
 * Takes out of a message of the GraphQL library whatever the schema tells: names of types, and suggestions. What its
 * reader has sent stays.
 */
export function hideSchema(message: string): string {
  // What the parser says is about signs.
  if (message.startsWith('Syntax Error')) return message;
  for (const beginning of SAFE_BEGINNINGS) {
    const [safe] = beginning.exec(message) ?? [];
    if (safe !== undefined) return `${safe}.`;
  }
  for (const [beginning, words] of SAFE_WORDS) {
    const [, subject] = beginning.exec(message) ?? [];
    if (subject !== undefined) return `${subject} ${words}.`;
  }
  return NOTHING_SAFE;
}

/** Longest text between quotation marks that a message repeats, and longest message. */
const MAX_QUOTED = 60;
const MAX_MESSAGE = 500;

/**
 * Shortens what a message of the GraphQL library quotes: it repeats whole values and names, however long they are.
 */
export function shortenQuotes(message: string): string {
  if (message.length <= MAX_QUOTED) return message;
  const short = message.replace(/"((?:[^"\\]|\\.)*)"/gs, (quoted, text: string) =>
    text.length <= MAX_QUOTED ? quoted : `"${text.slice(0, MAX_QUOTED / 2)}…"`,
  );
  if (short.length <= MAX_MESSAGE) return short;
  // The value stands in the middle, the reason at the end.
  return `${short.slice(0, MAX_MESSAGE / 2)} … ${short.slice(-MAX_MESSAGE / 2)}`;
}
