import pc from 'picocolors';
import type { Paint } from '../report';
import type { World } from './world';

/** When to colour: `auto` is on a terminal, unless NO_COLOR is set; FORCE_COLOR turns it on. */
export type ColorChoice = 'auto' | 'always' | 'never';

/** The decision that `--color` and the environment make. */
export function wantsColor(world: World, choice: ColorChoice): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (world.env['NO_COLOR'] !== undefined && world.env['NO_COLOR'] !== '') return false;
  if (world.env['FORCE_COLOR'] !== undefined && world.env['FORCE_COLOR'] !== '0') return true;
  return world.isTerminal && world.env['TERM'] !== 'dumb';
}

/** Roles of text as terminal colours. */
export function terminalPaint(): Paint {
  const colors = pc.createColors(true);
  return {
    error: (text) => colors.bold(colors.red(text)),
    warning: (text) => colors.bold(colors.yellow(text)),
    info: (text) => colors.bold(colors.cyan(text)),
    message: colors.bold,
    frame: colors.blue,
    secondary: colors.blue,
    removed: colors.red,
    added: colors.green,
    note: colors.bold,
  };
}
