// The floors of docs/architecture.md: an import goes sideways inside one folder, or down; never up, never across, never in a circle.
const FLOORS = [
  ['source', 'model'],
  ['diagnostics'],
  ['yaml', 'kubevirt', 'openshift'],
  // one floor in the design: a fleet document names inventory documents, never the other way round
  ['inventory'],
  ['load'],
  ['analysis'],
  ['rules', 'plan', 'manifests'],
  ['compile', 'report', 'adopt'],
  ['files'],
  ['constructs', 'cli'],
];
const others = (level, folder) =>
  FLOORS.slice(level)
    .flat()
    // model knows places: the two folders of floor 0 are words of one language
    .filter((other) => other !== folder && !(folder === 'model' && other === 'source'));
const upward = FLOORS.flatMap((floor, level) =>
  floor.map((folder) => ({
    name: `floor-${level}-${folder}-looks-down-only`,
    severity: 'error',
    from: { path: `^src/${folder}/` },
    to: { path: `^src/(${[...others(level, folder), 'index[.]ts', 'testing[.]ts'].join('|')})` },
  })),
);
const only = (name, folders, packages) => ({
  name,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/(${folders.join('|')})` },
  to: { path: `node_modules/(${packages.join('|')})/` },
});
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'only-files-touches-the-disk',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(files|cli)/' },
      to: { path: '^(node:)?(fs|fs/promises|child_process|http|https|net|os)$' },
    },
    {
      name: 'cli-leaves-the-disk-to-files',
      severity: 'error',
      // what starts the program has nothing of it at hand yet
      from: { path: '^src/cli/', pathNot: '^src/cli/launch[.]ts$' },
      to: { path: '^(node:)?(fs|fs/promises)$' },
    },
    only('only-constructs-know-cdk8s', ['constructs/', 'testing'], ['cdk8s', 'cdk8s-plus-28', 'constructs']),
    only('only-yaml-knows-yaml', ['yaml/'], ['yaml', 'js-yaml']),
    only('only-load-knows-validators', ['load/'], ['ajv']),
    only('only-cli-knows-the-command-line', ['cli/'], ['commander', 'picocolors', 'tsx']),
    ...upward,
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
