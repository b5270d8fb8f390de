// The suite that boots machines: apart from the others, because it takes minutes and needs QEMU.
module.exports = {
  ...require('../../jest.config.cjs'),
  rootDir: '../..',
  testMatch: ['<rootDir>/test/kernel/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 2_400_000,
  // one machine a core
  maxWorkers: 2,
};
