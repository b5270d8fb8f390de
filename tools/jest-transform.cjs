// Turns TypeScript into what jest runs, with esbuild: the types are judged by `npm run types`, and a fresh clone has a thousand files to
// turn. Positions stay true by the source map.
// esbuild's synchronous calls start a process each otherwise
process.env.ESBUILD_WORKER_THREADS = '1';
const { createHash } = require('node:crypto');
const { transformSync, version } = require('esbuild');

const OPTIONS = { loader: 'ts', format: 'cjs', target: 'node20', sourcemap: 'external', sourcesContent: false };
/**
 * What a module exports as plain values, once all of it has run. esbuild makes a getter of each, that calls another one, and an index
 * doubles them: what is called a million times was called through four functions, and a test took five times as long.
 */
const PLAIN_EXPORTS =
  "\nmodule.exports = Object.assign(Object.defineProperty({}, '__esModule', { value: true }), module.exports);\n";

function turned(text, file) {
  const { code, map } = transformSync(text, { ...OPTIONS, sourcefile: file });
  // a map in the text itself would be read and compiled past by each of two hundred suites
  return { code: `${code}${PLAIN_EXPORTS}`, map };
}

module.exports = {
  process: turned,
  getCacheKey: (text, file) =>
    createHash('sha256')
      .update([version, JSON.stringify(OPTIONS), PLAIN_EXPORTS, file, text].join('\0'))
      .digest('hex'),
};
