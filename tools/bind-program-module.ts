/**
 * The TypeScript module that carries the bind program into the output: line by line, so that a diff of one is a diff of the
 * other. `UPDATE_GENERATED=1` writes it.
 */
export function bindProgramModule(program: string): string {
  const lines = program.replace(/\n$/, '').split('\n');
  return [
    '// Generated from hostdev-vfio-bind.sh by tools/bind-program-module.ts: change that file, then npm run generate.',
    '',
    '/** The text of `/usr/local/bin/hostdev-vfio-bind`, a POSIX shell program. */',
    'export const BIND_PROGRAM: string = [',
    ...lines.map((line) => `  ${JSON.stringify(line)},`),
    "  '',",
    "].join('\\n');",
    '',
  ].join('\n');
}
