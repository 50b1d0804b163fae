import base from '../../jest.config.js';

/** The routers' packages are installed in examples/supergraph and in its folder hive, and nowhere else. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/routers/*.test.js'],
};
