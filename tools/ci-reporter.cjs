const { writeSync } = require('node:fs');

// Prints the plain closing line that continuous integration reads, after everything else that jest has to say:
// `N passed, N failed, N skipped`.
module.exports = class {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const line = `${results.numPassedTests} passed, ${failed} failed, ${results.numPendingTests} skipped\n`;
    process.once('exit', () => writeSync(1, line));
  }
};
