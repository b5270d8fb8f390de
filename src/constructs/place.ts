import type { CodePlace } from '../source';

/** Anything that can stand on the call stack. */
type Boundary = abstract new (...args: never[]) => unknown;

/** A captured call: raw frames, which are formatted when somebody asks for the line. */
class CapturedPlace implements CodePlace {
  readonly kind = 'code';
  private readonly holder: { readonly stack?: string };
  /** How many of the captured frames are our own. */
  private readonly ours: number;

  constructor(holder: { readonly stack?: string }, ours: number) {
    this.holder = holder;
    this.ours = ours;
  }

  frame(): ReturnType<CodePlace['frame']> {
    return frameOf((this.holder.stack ?? '').split('\n').slice(1 + this.ours));
  }
}

/**
 * The line of the user's program that made an object: the frame above the constructor of `made`, which is `new.target`.
 * Captures raw frames (2 to 3 µs) and formats them only when asked. Frames are not filtered by our own folder: under tsx and
 * ts-jest that would blame our source.
 *
 * @param own - our own class whose constructor calls this, where thousands of objects are made of it: an Error holds frames in
 * less space than what `captureStackTrace` makes of another object, but cannot leave out the constructors of a subclass
 */
export function constructorCaller(made: Boundary, own?: Boundary): CodePlace {
  const limit = Error.stackTraceLimit;
  let holder: { readonly stack?: string } = {};
  if (made === own) {
    Error.stackTraceLimit = OUR_FRAMES + 2;
    holder = new Error();
  } else {
    Error.stackTraceLimit = 2;
    Error.captureStackTrace(holder, made);
  }
  Error.stackTraceLimit = limit;
  return new CapturedPlace(holder, made === own ? OUR_FRAMES : 0);
}

/** The line of the user's program that called the method which calls this. */
export function methodCaller(): CodePlace {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = OUR_FRAMES + 1;
  const holder = new Error();
  Error.stackTraceLimit = limit;
  return new CapturedPlace(holder, OUR_FRAMES);
}

/** The function that captures, and the constructor or method of ours that calls it. */
const OUR_FRAMES = 2;

function frameOf(lines: readonly string[]): ReturnType<CodePlace['frame']> {
  for (const line of lines) {
    const match = /^\s*at (?:.*\()?(?:file:\/\/)?((?:\/|[A-Za-z]:[\\/]).*?):(\d+):(\d+)\)?$/.exec(line);
    const file = match?.[1];
    if (file === undefined || file.includes('node_modules')) continue;
    return { file, line: Number(match?.[2]), column: Number(match?.[3]) };
  }
  return undefined;
}
