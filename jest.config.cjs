module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // suites that need other people's programs have a configuration of their own
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/(kernel|validators|api)/'],
  transform: { '^.+\\.ts$': '<rootDir>/tools/jest-transform.cjs' },
  moduleNameMapper: {
    '^cdk8s-hostdev$': '<rootDir>/src/index.ts',
    '^cdk8s-hostdev/testing$': '<rootDir>/src/testing.ts',
  },
  setupFilesAfterEnv: ['<rootDir>/test/support/matchers.ts', '<rootDir>/test/support/property-seed.ts'],
  reporters: ['default', '<rootDir>/tools/ci-reporter.cjs'],
  // jest would leave a core to an editor, which of two is half
  maxWorkers: '100%',
  restoreMocks: true,
  errorOnDeprecated: true,
  coverageProvider: 'v8',
};
