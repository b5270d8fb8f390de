/**
 * The TypeScript module that carries the program that makes virtual functions into the output, line by line. `UPDATE_GENERATED=1`
 * writes it.
 */
export function functionsProgramModule(program: string): string {
  const lines = program.replace(/\n$/, '').split('\n');
  return [
    '// Generated from hostdev-virtual-functions.sh by tools/functions-program-module.ts: change that file, then npm run generate.',
    '',
    '/** The text of `/usr/local/bin/hostdev-virtual-functions`, a POSIX shell program. */',
    'export const FUNCTIONS_PROGRAM: string = [',
    ...lines.map((line) => `  ${JSON.stringify(line)},`),
    "  '',",
    "].join('\\n');",
    '',
  ].join('\n');
}
