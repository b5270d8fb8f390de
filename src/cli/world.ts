import type { FileAccess } from '../source';

/** Everything outside that the command touches, as an object that tests can stand in for. */
export interface World {
  /** The working folder, absolute. */
  readonly cwd: string;
  /** The folder of this package, absolute: its schemas are read from there. */
  readonly packageFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: FileAccess;
  /** The day, in UTC, by which dates in comments are judged: `2026-11-22`. */
  readonly today: string;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** Width of the terminal in columns; undefined when stdout is none. */
  readonly columns: number | undefined;
  readonly isTerminal: boolean;
  /** All bytes of standard input. */
  readonly readInput: () => Uint8Array;
  /** Runs a program to its end, its output going to stderr; gives its exit status. */
  readonly run: (command: string, args: readonly string[], env: Readonly<Record<string, string>>) => number;
  /** Runs a program without a shell and gives what it prints; undefined when there is no such program. */
  readonly capture: (command: string, args: readonly string[], input: string) => CapturedRun | undefined;
}

/** What a program printed. */
export interface CapturedRun {
  readonly status: number;
  readonly output: Uint8Array;
  readonly complaint: string;
}
