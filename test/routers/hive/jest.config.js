import base from '../jest.config.js';

/** Apart from the others: its packages take half a gigabyte. */
export default { ...base, rootDir: '../../..', testMatch: ['<rootDir>/test/routers/hive/*.test.js'] };
