import { randomBytes } from 'node:crypto';
import { SCOPES } from '../domain/caller.ts';
import { createToken } from './token.ts';
import { parseTokenRequest } from './token-request.ts';

const USAGE = `npm run token -- --name NAME [--scopes ${SCOPES.join(',')}] [--apps APP_ID,APP_ID]`;

/** Prints a token and the line that admits its holder. */
function main(args: string[]): void {
  const { token, line } = createToken(parseTokenRequest(args), randomBytes);
  process.stdout.write(
    `Token, shown once, for the header "Authorization: Bearer …":\n\n  ${token}\n\n` +
      `One item of the JSON array in CALLERS_FILE or CALLERS:\n\n  ${line}\n`,
  );
}

try {
  main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'Failed.'}\n${USAGE}\n`);
  process.exit(1);
}
