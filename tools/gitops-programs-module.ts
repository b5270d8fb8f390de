import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'src/manifests/gitops';
const PROGRAMS = [
  ['GATE_PROGRAM', 'hostdev-gate.sh', 'What waits until the cluster is what the next stage stands on'],
  ['LABEL_PROGRAM', 'hostdev-label-nodes.sh', 'What gives Nodes the labels of their pools'],
] as const;

/** The TypeScript module that carries the programs of the GitOps Jobs into the output, line by line. */
export function generatedFiles(): Map<string, string> {
  const parts = PROGRAMS.map(([constant, file, what]) => {
    const lines = readFileSync(join(__dirname, '..', FOLDER, file), 'utf8')
      .replace(/\n$/, '')
      .split('\n');
    return [
      `/** ${what}, a POSIX shell program. */`,
      `export const ${constant}: string = [`,
      ...lines.map((line) => `  ${JSON.stringify(line)},`),
      "  '',",
      "].join('\\n');",
      '',
    ].join('\n');
  });
  const head =
    '// Generated from the shell programs beside it by tools/gitops-programs-module.ts: change those, then npm run generate.\n';
  return new Map([[`${FOLDER}/programs.generated.ts`, [head, ...parts].join('\n')]]);
}
