import { randomBytes } from 'node:crypto';
import { createToken } from '../callers/token.ts';
import { parseTokenRequest } from '../callers/token-request.ts';
import { type CommandInput, type ExitCode, UsageError } from './command.ts';

/** Prints a token and the line that admits its holder. */
export async function runToken(values: CommandInput['values']): Promise<ExitCode> {
  const { token, line } = createToken(readRequest(values), randomBytes);
  console.log(
    `Token, shown once, for the header "Authorization: Bearer …":\n\n  ${token}\n\n` +
      `One item of the JSON array in CALLERS_FILE or CALLERS:\n\n  ${line}`,
  );
  return 0;
}

function readRequest(values: CommandInput['values']): ReturnType<typeof parseTokenRequest> {
  try {
    const request = parseTokenRequest(values);
    if (request.expiresAt !== undefined && Date.parse(request.expiresAt) <= Date.now())
      throw new UsageError('--expires-at: this moment has passed.');
    return request;
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(error.message) : error;
  }
}
