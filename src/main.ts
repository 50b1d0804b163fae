import { isatty } from 'node:tty';
import { takeSignals } from './command/signals.ts';
import { startGateway } from './command/start.ts';

/** An argument that nobody reads would be a setting lost. */
function assertNoArguments([argument]: readonly string[]): void {
  if (argument === undefined) return;
  process.stderr.write(
    `There is no argument "${argument}".\nUsage: npm start. Everything is set by variables, such as PORT=4000, or in a file .env: see the README.\n`,
  );
  process.exit(2);
}

assertNoArguments(process.argv.slice(2));
await startGateway(
  process.env,
  takeSignals({
    on: (event, listener) => process.on(event, listener),
    exit: (code) => process.exit(code),
    isTerminal: () => isatty(0),
  }),
);
