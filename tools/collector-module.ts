/**
 * The TypeScript module that carries the collector into the command: line by line, so that a diff of one is a diff of the
 * other. `UPDATE_GENERATED=1` writes it.
 */
export function collectorModule(program: string): string {
  const lines = program.replace(/\n$/, '').split('\n');
  return [
    '// Generated from hostdev-collect.sh by tools/collector-module.ts: change that file, then npm run generate.',
    '',
    '/** The text of the program that takes a capture on a node, a POSIX shell program. */',
    'export const COLLECTOR: string = [',
    ...lines.map((line) => `  ${JSON.stringify(line)},`),
    "  '',",
    "].join('\\n');",
    '',
  ].join('\n');
}
