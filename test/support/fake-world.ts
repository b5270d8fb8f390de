import type { World } from '../../src/cli/world';
import { memoryFiles } from './fleet-of';
import { ROOT } from './lab';

/** A world in memory, with what was said in it. Paths are below `/w`. */
export interface FakeWorld extends World {
  readonly out: () => string;
  readonly err: () => string;
}

/** A world with these files below its working folder `/w`. */
export function fakeWorld(files: Readonly<Record<string, string>> = {}, overrides: Partial<World> = {}): FakeWorld {
  const out: string[] = [];
  const err: string[] = [];
  const absolute = Object.fromEntries(Object.entries(files).map(([path, text]) => [`/w/${path}`, text]));
  return {
    cwd: '/w',
    packageFolder: ROOT,
    env: {},
    files: memoryFiles(absolute),
    today: '2026-11-22',
    writeOut: (text) => void out.push(text),
    writeError: (text) => void err.push(text),
    columns: undefined,
    isTerminal: false,
    readInput: () => new Uint8Array(),
    run: () => 1,
    capture: () => undefined,
    ...overrides,
    out: () => out.join(''),
    err: () => err.join(''),
  };
}
