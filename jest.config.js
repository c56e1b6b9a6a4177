const swc = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    target: 'es2023',
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  module: { type: 'commonjs' },
  isModule: 'unknown',
  sourceMaps: 'inline',
};

/** These packages are ES modules: jest runs CommonJS, so they are compiled on the way in. */
const esModules = '@nestjs|nestjs-otel|nestjs-pino|file-type|strtok3|token-types|uint8array-extras|@tokenizer|ulid';

module.exports = {
  testEnvironment: 'node',
  // Most of the long specs wait for other processes: a core that is left free would only wait with them.
  maxWorkers: '100%',
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/lab/', '<rootDir>/test/faults/'],
  // What a test waits for has its own deadline, which names it; this one only ends what hangs.
  testTimeout: 30_000,
  setupFiles: ['reflect-metadata'],
  globalSetup: '<rootDir>/test/database/global-setup.ts',
  globalTeardown: '<rootDir>/test/database/global-teardown.ts',
  // import() names a file as Node will find it.
  moduleNameMapper: { '^\\./(tracing|profiling)\\.js$': './$1' },
  transform: { '^.+\\.[jt]s$': ['@swc/jest', swc] },
  transformIgnorePatterns: [`/node_modules/(?!(${esModules})/)`],
  collectCoverageFrom: ['src/**/*.ts', '!src/**/*.spec.ts'],
  coverageReporters: ['text-summary'],
  coverageThreshold: { global: { lines: 85 } },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.vigil/'],
};
