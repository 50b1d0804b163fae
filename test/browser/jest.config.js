import base from '../../jest.config.js';

/** Needs Debian's `chromium`; the packages are installed in this folder, and nowhere else. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/browser/**/*.test.js'],
  testTimeout: 90_000,
};
