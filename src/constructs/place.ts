import type { CodePlace } from '../source';

/** Anything that can stand on the call stack. */
type Boundary = abstract new (...args: never[]) => unknown;

/** A captured call. The stack is kept by the place itself: there are several of these for every VM. */
class CapturedPlace implements CodePlace {
  readonly kind = 'code';
  declare private readonly stack?: string;
  /** How many of the captured frames are our own. */
  private readonly ours: number;

  constructor(boundary: Boundary, ours: number) {
    this.ours = ours;
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 2;
    Error.captureStackTrace(this, boundary);
    Error.stackTraceLimit = limit;
  }

  frame(): ReturnType<CodePlace['frame']> {
    return frameOf((this.stack ?? '').split('\n').slice(1 + this.ours));
  }
}

/**
 * The line of the user's program that made an object: the frame above the constructor of `made`, which is `new.target`.
 * Captures raw frames (about 3 µs) and formats them only when asked. Frames are not filtered by our own folder: under tsx
 * and ts-jest that would blame our source.
 */
export function constructorCaller(made: Boundary): CodePlace {
  return new CapturedPlace(made, 0);
}

/** The line of the user's program that called the method which calls this. */
export function methodCaller(): CodePlace {
  return new CapturedPlace(methodCaller as unknown as Boundary, 1);
}

function frameOf(lines: readonly string[]): ReturnType<CodePlace['frame']> {
  for (const line of lines) {
    const match = /^\s*at (?:.*\()?(?:file:\/\/)?((?:\/|[A-Za-z]:[\\/]).*?):(\d+):(\d+)\)?$/.exec(line);
    const file = match?.[1];
    if (file === undefined || file.includes('node_modules')) continue;
    return { file, line: Number(match?.[2]), column: Number(match?.[3]) };
  }
  return undefined;
}
