import base from '../../jest.config.js';

/** Processes under attack, one at a time: each with the machine to itself, as far as this suite goes. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/siege/*.spec.ts'],
  maxWorkers: 1,
};
