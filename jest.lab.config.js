const { globalSetup: _, globalTeardown: __, ...common } = require('./jest.config.js');

/** The tests that need real servers. They bring up everything that they talk to, the database too. */
module.exports = {
  ...common,
  testMatch: ['<rootDir>/test/lab/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 180_000,
  maxWorkers: 1,
  collectCoverage: false,
};
