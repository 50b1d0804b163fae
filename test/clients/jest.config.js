import base from '../../jest.config.js';

/** The clients' packages are installed in this folder, and nowhere else. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/clients/**/*.test.js'],
  // React's scheduler keeps a port open for good.
  forceExit: true,
  setupFiles: ['<rootDir>/test/clients/dom.js'],
};
