import base from '../../jest.config.js';

/** The clients' packages are installed in this folder, and nowhere else. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/clients/**/*.test.js'],
  setupFiles: ['<rootDir>/test/clients/dom.js'],
};
