import base from '../../jest.config.js';

/** Needs `prometheus` and `promtool`, as Debian packages them, on the path; so these are not among the tests of `npm test`. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/metrics/*.spec.ts'],
};
