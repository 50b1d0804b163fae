import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { SCOPES } from '../domain/caller.ts';
import { createToken } from './token.ts';

const USAGE = `npm run token -- --name NAME [--scopes ${SCOPES.join(',')}] [--apps APP_ID,APP_ID]`;

/** Prints a token and the line that admits its holder. */
function main(args: string[]): void {
  const { values } = parseArgs({
    args,
    options: {
      name: { type: 'string' },
      scopes: { type: 'string', default: SCOPES[0] },
      apps: { type: 'string' },
    },
  });
  const { name } = values;
  const scopes = splitList(values.scopes).map((text) => {
    const scope = SCOPES.find((candidate) => candidate === text);
    if (scope === undefined) throw new TypeError(`There is no scope "${text}".`);
    return scope;
  });
  if (name === undefined || scopes.length === 0) throw new TypeError('A caller needs a name and scopes.');

  const apps = values.apps === undefined ? undefined : splitList(values.apps);
  const { token, line } = createToken({ name, scopes, apps }, randomBytes);
  process.stdout.write(
    `Token, shown once, for the header "Authorization: Bearer …":\n\n  ${token}\n\n` +
      `One item of the JSON array in CALLERS_FILE or CALLERS:\n\n  ${line}\n`,
  );
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

try {
  main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'Failed.'}\n${USAGE}\n`);
  process.exit(1);
}
