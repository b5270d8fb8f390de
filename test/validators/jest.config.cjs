// Other people's validators over everything that is emitted: apart from the others, because they have to be installed.
module.exports = {
  ...require('../../jest.config.cjs'),
  rootDir: '../..',
  testMatch: ['<rootDir>/test/validators/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 300_000,
};
