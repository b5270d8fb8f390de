/** The line above the data of the program, and the one below. */
const DATA = '# ---- data: what hostdev wrote for this pool ----';
const END_OF_DATA = '# ---- end of data ----';

/**
 * The TypeScript module that carries the installer of nodes into the output: its lines before and after the data that a fleet puts
 * in their place.
 *
 * @throws Error when the program has no data between its two marks.
 */
export function nodePrepProgramModule(program: string): string {
  const lines = program.replace(/\n$/, '').split('\n');
  const [first, last] = [lines.indexOf(DATA), lines.indexOf(END_OF_DATA)];
  if (first < 0 || last < first) throw new Error('the program has no data between its two marks');
  const list = (part: readonly string[]): string[] => part.map((line) => `    ${JSON.stringify(line)},`);
  return [
    '// Generated from hostdev-node-prep.sh by tools/node-programs.ts: change that file, then npm run generate.',
    '',
    '/** The lines of the installer of nodes, a POSIX shell program, before and after its data. */',
    'export const NODE_PREP_PROGRAM: { readonly before: readonly string[]; readonly after: readonly string[] } = {',
    '  before: [',
    ...list(lines.slice(0, first + 1)),
    '  ],',
    '  after: [',
    ...list(lines.slice(last)),
    '  ],',
    '};',
    '',
  ].join('\n');
}
