import type { Command } from './command.ts';
import { EXPLAIN_NOTES } from './explain-notes.ts';
import { VARIABLE_OPTIONS } from './variable-options.ts';

/** What the program does, by name. Each is loaded when it is asked for. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  start: {
    summary:
      'serves GraphQL; without a vendor account, over a sandbox of its own. Done where no command is named',
    options: VARIABLE_OPTIONS,
    async run({ environment, signals }) {
      const { runStart } = await import('./run-start.ts');
      return runStart(environment, signals);
    },
  },
  sandbox: {
    summary: 'serves a stand-in of the vendor, with phones of nobody',
    options: {
      port: { value: 'PORT', help: 'where to listen; 4100', variable: 'PORT' },
      host: { value: 'ADDRESS', help: 'where to listen; 127.0.0.1', variable: 'HOST' },
      seed: { value: 'TEXT', help: 'another seed gives other phones', variable: 'SEED' },
    },
    async run({ environment }) {
      const { runSandbox } = await import('./sandbox.ts');
      return runSandbox(environment);
    },
  },
  check: {
    summary: 'says whether the configuration can be used, and starts nothing',
    options: VARIABLE_OPTIONS,
    async run({ environment }) {
      const { runCheck } = await import('./check.ts');
      return runCheck(environment);
    },
  },
  doctor: {
    summary: 'asks the vendor for one row of each app, and says what is wrong, what to do and who can',
    options: {
      app: { value: 'APP_ID', help: 'asks for this app only' },
      order: { help: 'looks at the order of each list as well, at up to 14 calls more an app' },
      ...VARIABLE_OPTIONS,
    },
    async run({ values, environment }) {
      const { runDoctor } = await import('./doctor.ts');
      return runDoctor(values, environment);
    },
  },
  token: {
    summary: 'makes a token for a caller, and the line that admits it',
    options: {
      name: { value: 'NAME', help: 'what the caller is called in the log; required' },
      scopes: { value: 'SCOPES', help: 'phones:read, passwords:read, or both with a comma; phones:read' },
      apps: { value: 'APP_IDS', help: 'limits it to these, with commas between' },
      'expires-at': { value: 'MOMENT', help: 'such as 2027-01-31T00:00:00Z; never' },
    },
    async run({ values }) {
      const { runToken } = await import('./token.ts');
      return runToken(values);
    },
  },
  explain: {
    summary: 'says which vendor calls a query would take, or why it is refused, without making any',
    notes: EXPLAIN_NOTES,
    argument: 'QUERY.graphql',
    options: {
      variables: { value: 'JSON', help: 'the variables of the query' },
      operation: { value: 'NAME', help: 'which operation, where the document has several' },
      as: {
        value: 'NAME',
        help: 'who asks: a caller of the configuration, or anonymous; one who may do all',
      },
      ...VARIABLE_OPTIONS,
    },
    async run({ argument = '', values, environment }) {
      const { runExplain } = await import('./explain.ts');
      return runExplain(argument, values, environment);
    },
  },
  export: {
    summary:
      'reads the list of an app whole, and writes it to a file or to standard output: all of it, or nothing',
    options: {
      ...VARIABLE_OPTIONS,
      app: { value: 'APP_ID', help: 'the app; required' },
      format: { value: 'FORMAT', help: 'jsonl, a line of JSON for each phone, or csv; jsonl' },
      filter: {
        value: 'JSON',
        help: 'which phones, as a PhoneFilter of the graph, such as \'{"groupName": {"equals": "sales"}}\'; all',
      },
      out: { value: 'FILE', help: 'where to, readable by its owner only; standard output' },
      // Not the variable PASSWORDS, which says whether passwords may leave at all.
      passwords: { help: 'the SIP passwords as well, on record in the audit log; not to a terminal' },
    },
    async run({ values, environment }) {
      const { runExport } = await import('./export.ts');
      return runExport(values, environment);
    },
  },
  schema: {
    summary: 'prints the schema that clients read',
    options: {
      subgraph: { help: 'prints what a federation router reads instead' },
      ...VARIABLE_OPTIONS,
    },
    async run({ values, environment }) {
      const { runSchema } = await import('./schema.ts');
      return runSchema(values['subgraph'] === true, environment);
    },
  },
};
