// Turns TypeScript into what jest runs, with esbuild: the types are judged by `npm run types`, and a fresh clone has a thousand files to
// turn. Positions stay true by the source map.
// esbuild's synchronous calls start a process each otherwise
process.env.ESBUILD_WORKER_THREADS = '1';
const { createHash } = require('node:crypto');
const { transformSync, version } = require('esbuild');

const OPTIONS = { loader: 'ts', format: 'cjs', target: 'node20', sourcemap: 'inline', sourcesContent: false };
/**
 * What a module exports as plain values, once all of it has run. esbuild makes a getter of each, that calls another one, and an index
 * doubles them: what is called a million times was called through four functions, and a test took five times as long.
 */
const PLAIN_EXPORTS =
  "\nmodule.exports = Object.assign(Object.defineProperty({}, '__esModule', { value: true }), module.exports);\n";

function turned(text, file) {
  const { code } = transformSync(text, { ...OPTIONS, sourcefile: file });
  // before the map, which has to be the end
  const map = code.lastIndexOf('//# sourceMappingURL=');
  return `${code.slice(0, map)}${PLAIN_EXPORTS}${code.slice(map)}`;
}

module.exports = {
  process: (text, file) => ({ code: turned(text, file) }),
  getCacheKey: (text, file) =>
    createHash('sha256')
      .update([version, JSON.stringify(OPTIONS), PLAIN_EXPORTS, file, text].join('\0'))
      .digest('hex'),
};
