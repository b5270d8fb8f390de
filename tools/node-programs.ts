/*
 * The TypeScript modules that carry the programs that run on nodes into the output, line by line, so that a diff of one is a diff of the
 * other.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodePrepProgramModule } from './node-prep-program-module';

const FOLDER = 'src/manifests/node-preparation';

/** Programs that are carried as they are. */
const PROGRAMS = [
  { name: 'hostdev-vfio-bind', constant: 'BIND_PROGRAM', module: 'bind-program' },
  { name: 'hostdev-virtual-functions', constant: 'FUNCTIONS_PROGRAM', module: 'functions-program' },
  { name: 'hostdev-vgpus', constant: 'VGPUS_PROGRAM', module: 'vgpus-program' },
] as const;

/** The files that this tool makes, by path from the repository's root, as they must be on disk. */
export function generatedFiles(): Map<string, string> {
  return new Map([
    ...PROGRAMS.map(
      ({ name, constant, module }) => [`${FOLDER}/${module}.generated.ts`, moduleOf(name, constant)] as const,
    ),
    [`${FOLDER}/node-prep-program.generated.ts`, nodePrepProgramModule(sourceOf('hostdev-node-prep'))] as const,
  ]);
}

function moduleOf(name: string, constant: string): string {
  const lines = sourceOf(name).replace(/\n$/, '').split('\n');
  return [
    `// Generated from ${name}.sh by tools/node-programs.ts: change that file, then npm run generate.`,
    '',
    `/** The text of \`/usr/local/bin/${name}\`, a POSIX shell program. */`,
    `export const ${constant}: string = [`,
    ...lines.map((line) => `  ${JSON.stringify(line)},`),
    "  '',",
    "].join('\\n');",
    '',
  ].join('\n');
}

function sourceOf(name: string): string {
  return readFileSync(join(__dirname, '..', FOLDER, `${name}.sh`), 'utf8');
}
