import fc from 'fast-check';
import { parse } from 'yaml';
import { projectName } from '../../../src/cli/init/project-name';
import { repositoryFiles } from '../../../src/cli/init/repository-files';

const VERSIONS = ['1.1', '1.2'] as const;

/** What the files of a new repository call it, each as its readers read it: YAML of either version, JSON, TypeScript. */
function namesIn(name: string): unknown[] {
  const [asYaml, asProgram] = (['yaml', 'typescript'] as const).map((door) =>
    repositoryFiles(
      { name, door, fleet: '', dependencies: {}, devDependencies: {}, overrides: {}, cdk8sCli: '1.0.0' },
      '{}',
    ),
  );
  const manifest = JSON.parse(asYaml?.get('package.json') ?? '') as { readonly name: unknown };
  const [, literal] = /new Fleet\(scope, '([^']*)'/.exec(asProgram?.get('src/fleet.ts') ?? '') ?? [];
  return [
    ...VERSIONS.map(
      (version) =>
        (parse(asYaml?.get('fleet.yaml') ?? '', { version }) as { readonly metadata: { readonly name: unknown } })
          .metadata.name,
    ),
    manifest.name,
    literal,
  ];
}

it.each([
  ['y', 'y'],
  ['N', 'n'],
  ['yes', 'yes'],
  ['no', 'no'],
  ['on', 'on'],
  ['off', 'off'],
  ['true', 'true'],
  ['null', 'null'],
  ['nan', 'nan'],
  ['e3', 'e3'],
  ['1e3', 'fleet-1e3'],
  ['012', 'fleet-012'],
  ['edge', 'edge'],
])('a repository in the folder %s is called the text %s everywhere', (folder, name) => {
  expect(namesIn(projectName(folder, []))).toEqual([name, name, name, name]);
});

test('whatever the folder is called, every file says the same text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (folder) => {
      const name = projectName(folder, []);
      expect(new Set(namesIn(name))).toEqual(new Set([name]));
    }),
    { numRuns: 25 },
  );
});
