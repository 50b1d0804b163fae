/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
      },
    ],
  },
  globalSetup: '<rootDir>/test/support/build-program.js',
  // A promise, not a timing: a busy machine takes longer.
  testTimeout: 30_000,
  // Tests wait for processes and sockets as often as for the processor.
  maxWorkers: '100%',
  fakeTimers: { doNotFake: ['nextTick'] },
};
