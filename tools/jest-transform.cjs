// Turns TypeScript into what jest runs, with esbuild: the types are judged by `npm run types`, and a fresh clone has a thousand files to
// turn. Positions stay true by the source map.
// esbuild's synchronous calls start a process each otherwise
process.env.ESBUILD_WORKER_THREADS = '1';
const { createHash } = require('node:crypto');
const { transformSync, version } = require('esbuild');

const OPTIONS = { loader: 'ts', format: 'cjs', target: 'node20', sourcemap: 'inline', sourcesContent: false };

module.exports = {
  process: (text, file) => ({ code: transformSync(text, { ...OPTIONS, sourcefile: file }).code }),
  getCacheKey: (text, file) =>
    createHash('sha256')
      .update([version, JSON.stringify(OPTIONS), file, text].join('\0'))
      .digest('hex'),
};
