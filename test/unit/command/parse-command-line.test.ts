import { describe, expect, it } from '@jest/globals';
import { parseCommandLine } from '../../../src/command/parse-command-line.ts';
import { VARIABLE_OPTIONS } from '../../../src/command/variable-options.ts';

const OPTIONS = {
  port: { value: 'PORT', help: '', variable: 'PORT' },
  name: { value: 'NAME', help: '' },
  subgraph: { help: '' },
};
const parse = (args: readonly string[], argument?: string) =>
  parseCommandLine({ options: OPTIONS, ...(argument === undefined ? {} : { argument }) }, args, {
    PORT: '1',
    HOME: '/',
  });

describe('parseCommandLine', () => {
  it('lets an option win over the variable that says the same', () => {
    expect(parse(['--port', '2', '--subgraph', '--name=-x'])).toEqual({
      values: { port: '2', subgraph: true, name: '-x' },
      argument: undefined,
      environment: { PORT: '2', HOME: '/' },
    });
  });

  it('reads an argument wherever it stands', () => {
    expect(parse(['--name', 'a', 'query.graphql'], 'FILE').argument).toBe('query.graphql');
    expect(parse(['--', '--name'], 'FILE').argument).toBe('--name');
  });

  it.each<[string[], string]>([
    [['--ports', '1'], 'There is no option --ports; is --port meant?'],
    [['-p', '1'], 'There is no option -p.'],
    [['--no-subgraph'], 'There is no option --no-subgraph.'],
    [['--toString', '1'], 'There is no option --toString.'],
    [['--__proto__=1'], 'There is no option --__proto__.'],
    [['--port', '1', '--port=1'], '--port stands there twice.'],
    [['--port'], '--port needs a value.'],
    [['--port='], '--port needs a value.'],
    [['--port', '--subgraph'], '--port needs a value.'],
    [['--subgraph=on'], '--subgraph takes no value.'],
    [['start'], 'There is no argument "start".'],
    [['PORT=1'], 'There is no argument "PORT=1".'],
  ])('refuses %j', (args, message) => {
    expect(() => parse(args)).toThrow(message);
  });

  it('refuses a second argument, and a missing one', () => {
    expect(() => parse(['a', 'b'], 'FILE')).toThrow('There is no argument "b".');
    expect(() => parse([], 'FILE')).toThrow('FILE is missing.');
  });
});

describe('VARIABLE_OPTIONS', () => {
  it('have no secret, which everyone on the machine could read', () => {
    expect(Object.keys(VARIABLE_OPTIONS)).toEqual(
      expect.arrayContaining(['port', 'callers-file', 'itnio-api-secret-file', 'cursor-keys-file']),
    );
    expect(VARIABLE_OPTIONS).not.toHaveProperty('itnio-api-secret');
    expect(VARIABLE_OPTIONS).not.toHaveProperty('itnio-api-key');
    expect(VARIABLE_OPTIONS).not.toHaveProperty('cursor-keys');
  });
});
