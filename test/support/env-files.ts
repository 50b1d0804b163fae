import type { VariableRecord } from '../../src/config/variables.ts';

const utf16le = (text: string) => Buffer.from(text, 'utf16le');

/** Files of settings that can be read: what is special of each, its content, what it says. */
export const READ: readonly (readonly [string, string, VariableRecord])[] = [
  ['an empty file', '', {}],
  ['a variable a line, but no comments', '# Where.\nPORT=4001\n# HOST=::1\n', { PORT: '4001' }],
  ['a last line without its break', 'PORT=4001', { PORT: '4001' }],
  ['Windows line ends', 'PORT=4001\r\n\r\n# x\r\nHOST=::1\r\n', { PORT: '4001', HOST: '::1' }],
  ['a byte order mark before a comment', '\uFEFF# Where.\nPORT=4001\n', { PORT: '4001' }],
  ['a byte order mark before a name', '\uFEFFPORT=4001\n', { PORT: '4001' }],
  ['lines of blanks', ' \t \nPORT=4001\n\t\n', { PORT: '4001' }],
  ['blanks before a name and before a comment', '  PORT=4001\n\t# x\n', { PORT: '4001' }],
  ['blanks after a value', 'PORT=4001 \t\n', { PORT: '4001' }],
  ['lines for a shell', 'export PORT=4001\n\texport \t HOST=::1\n', { PORT: '4001', HOST: '::1' }],
  ['a name that a shell would read otherwise', 'export=1\n', { export: '1' }],
  ['an empty value', 'HOST=\nPORT=""\nAUDIT_LOG=\'\'\n', { HOST: '', PORT: '', AUDIT_LOG: '' }],
  ['an empty value before a comment', 'HOST= # none\n', { HOST: '' }],
  ['a comment behind a value', 'PORT=4001 # where\nHOST=::1\t#\n', { PORT: '4001', HOST: '::1' }],
  ['a comment behind quotes', "PORT=\"4001\" #where\nHOST='::1'\t# it's\n", { PORT: '4001', HOST: '::1' }],
  ['quotes around a value', 'ITNIO_APPS="a=Sales, b"\n', { ITNIO_APPS: 'a=Sales, b' }],
  ['anything in single quotes', "CURSOR_KEYS='a\\$`#\"b '\n", { CURSOR_KEYS: 'a\\$`#"b ' }],
  ['a number sign and the other quote in quotes', 'CURSOR_KEYS="it\'s #1"\n', { CURSOR_KEYS: "it's #1" }],
  ['equals signs in a value', 'ITNIO_APPS=a=Sales=South\n', { ITNIO_APPS: 'a=Sales=South' }],
  ['JSON', 'CALLERS=[{"name":"web","scopes":["a"]}]\n', { CALLERS: '[{"name":"web","scopes":["a"]}]' }],
  ['a Windows path', 'AUDIT_LOG=C:\\logs\\audit.log\n', { AUDIT_LOG: 'C:\\logs\\audit.log' }],
  ['names in other scripts', 'ITNIO_APPS=a=営業　部,b=Büro 👩‍💻\n', { ITNIO_APPS: 'a=営業　部,b=Büro 👩‍💻' }],
  ['items of a list in capitals', 'ITNIO_APPS=a=X, BIG=South\n', { ITNIO_APPS: 'a=X, BIG=South' }],
  [
    'what is for another program',
    'DATABASE_URL=x\nCOMPOSE_PROJECT_NAME=y\nPASSWORD=hunter2\n',
    { DATABASE_URL: 'x', COMPOSE_PROJECT_NAME: 'y', PASSWORD: 'hunter2' },
  ],
  [
    'a name that objects have',
    'toString=1\n__proto__=2\n',
    Object.fromEntries([
      ['toString', '1'],
      ['__proto__', '2'],
    ]),
  ],
];

const NOTHING = 'expected NAME=value, a comment that begins with "#", or nothing';
const HIDDEN = 'a control character or one that cannot be seen; take it out';
const SHELL = '"\\", "$" or "`" in double quotes is read differently by programs; use single quotes';
const SIGN = '"#" in a value; put the value in single quotes, or a blank on both sides of a comment\'s "#"';
const DOLLAR = '"$" or "`" in a value; put the value in single quotes';
const ONE_QUOTE = 'a quote at one end of the value; use a plain " or \' at both ends';
const OPEN_QUOTE = 'a quote that does not end on its line; a value of several lines goes into a file';
const BEHIND = 'more behind the closing quote; a comment needs a blank before its "#"';
const TWO = 'two settings on one line; put the value in quotes if it is one';

/** Files that are refused: what is wrong with each, its content, its faults. */
export const REFUSED: readonly (readonly [string, string | Uint8Array, readonly string[]])[] = [
  ['a heading without its number sign', 'Where to listen\nPORT=4001\n', [`line 1: ${NOTHING}`]],
  ['a section of an ini file', '[gateway]\nPORT=4001\n', [`line 1: ${NOTHING}`]],
  ['YAML', 'PORT: 4001\nHOST: ::1\n', [`line 1: ${NOTHING}`, `line 2: ${NOTHING}`]],
  ['JSON lines', '{\n"PORT": "4001"\n}\n', [1, 2, 3].map((line) => `line ${line}: ${NOTHING}`)],
  ['another kind of comment', '// where\nPORT=4001\n; x\n', [`line 1: ${NOTHING}`, `line 3: ${NOTHING}`]],
  ['a name alone', 'CALLERS_FILE\n', [`line 1: ${NOTHING}`]],
  ['export of a name alone', 'PORT=1\nexport CALLERS_FILE\n', [`line 2: ${NOTHING}`]],
  [
    'a command of another shell',
    'set PORT=4001\nsetenv HOST ::1\n$env:PORT=1\n',
    [1, 2, 3].map((line) => `line ${line}: ${NOTHING}`),
  ],
  ['a name with a dash', 'CALLERS-FILE=callers.json\n', [`line 1: ${NOTHING}`]],
  ['a name that begins with a digit', '2PORT=1\n', [`line 1: ${NOTHING}`]],
  ['a name in quotes', '"PORT"=4001\n', [`line 1: ${NOTHING}`]],
  ['a value without a name', '=4001\n', [`line 1: ${NOTHING}`]],
  ['a blank before the equals sign', 'PORT =4001\n', ['line 1: a blank before "="; expected NAME=value']],
  ['a blank behind the equals sign', 'PORT= 4001\n', ['line 1: a blank behind "="; expected NAME=value']],
  ['a quote behind a blank', 'PORT= "4001"\n', ['line 1: a blank behind "="; expected NAME=value']],
  ['a number sign in a secret', 'ITNIO_API_SECRET=7bz#lzh9\n', [`line 1: ${SIGN}`]],
  ['a number sign before a word', 'ITNIO_APPS=a=Team #1,b=Team #2\n', [`line 1: ${SIGN}`]],
  ['a value that begins with a number sign', 'ITNIO_API_SECRET=#7bz1\n', [`line 1: ${SIGN}`]],
  ['a comment that has no blank before it', 'PORT=4001# where\n', [`line 1: ${SIGN}`]],
  ['a dollar sign', 'ITNIO_API_SECRET=a$b\nCURSOR_KEYS=$KEYS\n', [`line 1: ${DOLLAR}`, `line 2: ${DOLLAR}`]],
  ['a command', 'CALLERS=`cat callers.json`\n', [`line 1: ${DOLLAR}`]],
  ['a dollar sign in double quotes', 'ITNIO_API_SECRET="a$b"\n', [`line 1: ${SHELL}`]],
  [
    'an escape in double quotes',
    'CALLERS="[{\\"name\\":\\"web\\"}]"\nAUDIT_LOG="C:\\new"\n',
    [`line 1: ${SHELL}`, `line 2: ${SHELL}`],
  ],
  [
    'a value of several lines',
    "CALLERS='[\n{}\n]'\n",
    [`line 1: ${OPEN_QUOTE}`, `line 2: ${NOTHING}`, `line 3: ${NOTHING}`],
  ],
  [
    'a line that goes on',
    'ITNIO_APPS=a,\\\nb\n',
    ['line 1: "\\" at the end of a line; a value of several lines goes into a file', `line 2: ${NOTHING}`],
  ],
  ['a quote that nobody ends', 'ITNIO_API_SECRET="7bz1\n', [`line 1: ${OPEN_QUOTE}`]],
  ['a quote that nobody begins', 'ITNIO_API_SECRET=7bz1"\n', [`line 1: ${ONE_QUOTE}`]],
  [
    'quotes of a word processor',
    'ITNIO_API_SECRET=“7bz1”\nHOST=‘::1’\n',
    [`line 1: ${ONE_QUOTE}`, `line 2: ${ONE_QUOTE}`],
  ],
  ['a word behind quotes', 'ITNIO_APPS="a"b\nHOST="::1";\n', [`line 1: ${BEHIND}`, `line 2: ${BEHIND}`]],
  ['a comment right behind quotes', 'PORT="4001"# x\n', [`line 1: ${BEHIND}`]],
  ['two settings on a line', 'AUDIT_LOG=a.log CALLERS_FILE=callers.json\n', [`line 1: ${TWO}`]],
  ['a name twice', 'PORT=4001\n# x\nPORT=4001\n', ['line 3: sets what line 1 has set']],
  [
    'a name twice, once for a shell',
    'export HOST=::1\nHOST=127.0.0.1\n',
    ['line 2: sets what line 1 has set'],
  ],
  ['a carriage return alone', 'PORT=4001\rCALLERS_FILE=callers.json\r', [`line 1: ${HIDDEN}`]],
  ['a carriage return in a comment', '# x\rCALLERS_FILE=callers.json\n', [`line 1: ${HIDDEN}`]],
  ['a line separator', 'PORT=4001\n# x\u2028CALLERS_FILE=callers.json\n', [`line 2: ${HIDDEN}`]],
  [
    'a paragraph separator and a next line',
    'HOST=::1\u2029\nPORT=1\u0085\n',
    [`line 1: ${HIDDEN}`, `line 2: ${HIDDEN}`],
  ],
  ['a form feed', 'PORT=4001\f\n', [`line 1: ${HIDDEN}`]],
  ['a character that nobody sees in a name', 'CALLERS\u200b_FILE=callers.json\n', [`line 1: ${HIDDEN}`]],
  ['a second byte order mark', '\uFEFF\uFEFFPORT=1\n', [`line 1: ${HIDDEN}`]],
  ['a byte order mark between two files', 'PORT=1\n\uFEFFHOST=::1\n', [`line 2: ${HIDDEN}`]],
  ['a no-break space before a comment', '\u00a0# x\n', [`line 1: ${NOTHING}`]],
  [
    'a no-break space around a value',
    'HOST=::1\u00a0\n',
    ['line 1: a blank that is not a plain one around the value; take it out'],
  ],
  ['an equals sign of another width', 'PORT＝4001\n', [`line 1: ${NOTHING}`]],
  ['Ctrl-Z at the end', 'PORT=4001\n\u001a', [`line 2: ${HIDDEN}`]],
  ['UTF-16 with its mark', utf16le('\uFEFFPORT=4001\n'), ['the file is UTF-16; save it as UTF-8']],
  [
    'UTF-16 of the other order',
    utf16le('\uFEFFPORT=4001\n').swap16(),
    ['the file is UTF-16; save it as UTF-8'],
  ],
  [
    'UTF-16 without its mark',
    utf16le('PORT=4001\n'),
    ['line 1: a NUL character; save the file as UTF-8 text'],
  ],
  ['a NUL', 'PORT=4001\nHOST=::1\0\n', ['line 2: a NUL character; save the file as UTF-8 text']],
  [
    'Latin-1',
    Buffer.from('# Where\nITNIO_APPS=a=B\u00fcro\n', 'latin1'),
    ['line 2: not UTF-8; save the file as UTF-8'],
  ],
  [
    'an end in the middle of a character',
    Buffer.from('#\n#\n# \u00fc').subarray(0, -1),
    ['line 3: not UTF-8; save the file as UTF-8'],
  ],
  [
    'a surrogate in UTF-8',
    Buffer.from([0x23, 0x0a, 0x23, 0xed, 0xa0, 0x80]),
    ['line 2: not UTF-8; save the file as UTF-8'],
  ],
  [
    'a misspelt name',
    'CALLER_FILE=callers.json\n',
    ['line 1: CALLER_FILE: there is no such variable; is CALLERS_FILE meant?'],
  ],
  [
    'a misspelt name that is an everyday word',
    'PASSWORD=off\n',
    ['line 1: PASSWORD: there is no such variable; is PASSWORDS meant?'],
  ],
  [
    'a misspelt name that many programs know',
    'NODE_ENVV=production\n',
    ['line 1: NODE_ENVV: there is no such variable; is NODE_ENV meant?'],
  ],
  [
    'a name in small letters',
    'callers_file=callers.json\nport=1\n',
    [
      'line 1: callers_file: there is no such variable; is CALLERS_FILE meant?',
      'line 2: port: there is no such variable; is PORT meant?',
    ],
  ],
  [
    'what Node reads before',
    'NODE_EXTRA_CA_CERTS=ca.pem\n',
    ['line 1: NODE_EXTRA_CA_CERTS has no effect in a file; set it in the environment'],
  ],
  ['a file of another kind', Buffer.alloc(1024 * 1024 + 1, '#'), ['the file is over 1048576 bytes']],
];
