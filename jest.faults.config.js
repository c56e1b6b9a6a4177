const common = require('./jest.config.js');

/**
 * The faults that take their time: a database that is away for half a minute, a minute of load. What they need is what
 * `npm test` needs; they are apart so that `npm test` stays short.
 */
module.exports = {
  ...common,
  testMatch: ['<rootDir>/test/faults/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 180_000,
  // They wait for most of their time.
  maxWorkers: 4,
  collectCoverage: false,
};
