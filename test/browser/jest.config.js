import base from '../../jest.config.js';

/** Needs Debian's `chromium`; the packages are installed in this folder, and nowhere else. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/browser/**/*.test.js'],
  // Chromium's last pipes may outlive it by a moment.
  forceExit: true,
  testTimeout: 90_000,
};
