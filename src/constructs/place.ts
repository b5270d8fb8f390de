import type { CodePlace } from '../source';

/** A captured call: cheap to take, formatted when a diagnostic asks for it. */
interface Capture {
  stack?: string;
}

/**
 * The line of the user's program that called `boundary`: the frame above it. Captures one raw frame (about 3 µs) and
 * formats it only when asked. Frames are not filtered by our own folder: under tsx and ts-jest that would blame our source.
 */
export function callerOf(boundary: (...args: never[]) => unknown): CodePlace {
  const capture: Capture = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 2;
  Error.captureStackTrace(capture, boundary);
  Error.stackTraceLimit = limit;
  return { kind: 'code', frame: () => frameOf(capture.stack ?? '') };
}

function frameOf(stack: string): ReturnType<CodePlace['frame']> {
  for (const line of stack.split('\n').slice(1)) {
    const match = /^\s*at (?:.*\()?(?:file:\/\/)?((?:\/|[A-Za-z]:[\\/]).*?):(\d+):(\d+)\)?$/.exec(line);
    const file = match?.[1];
    if (file === undefined || file.includes('node_modules')) continue;
    return { file, line: Number(match?.[2]), column: Number(match?.[3]) };
  }
  return undefined;
}
