import base from '../../jest.config.js';

/** The packages of OpenTelemetry are installed in examples/tracing, and nowhere else. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/tracing/*.spec.ts'],
};
