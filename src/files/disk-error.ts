const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  EEXIST: 'it exists already',
  EXDEV: 'it lies on another file system',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'too many symbolic links',
  EIO: 'the device reports an input/output error',
};

/** What the operating system refused. Says nothing about our code: a caller reports it as unreadable input or unwritable output. */
export class DiskError extends Error {
  /** The path that was asked for. */
  readonly path: string;
  /** The system's own name of the error: `ENOSPC`. */
  readonly code: string;
  /** The error in words: `no space left on the device`. */
  readonly reason: string;

  /** Keeps the path, and puts the system's code into words. */
  constructor(path: string, code: string, options?: ErrorOptions) {
    const reason = Object.hasOwn(WORDS, code) ? (WORDS[code] ?? code) : code;
    super(`${path}: ${reason}`, options);
    this.name = 'DiskError';
    this.path = path;
    this.code = code;
    this.reason = reason;
  }
}

/** The system's name of an error that Node's own functions throw: `ENOENT`. Undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  // no instanceof: where a test runner or a REPL has its own globals, Node's errors are not of their class Error
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
