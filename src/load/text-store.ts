import { posix } from 'node:path';
import { SourceFile, type FileAccess } from '../source';

/** The files of one loading: each is read once, and kept for whoever draws a finding in it. */
export class TextStore {
  private readonly files: FileAccess;
  private readonly read = new Map<string, SourceFile>();

  /** Reads through this access only. */
  constructor(files: FileAccess) {
    this.files = files;
  }

  /** Every text that was read, by the path shown to the user. */
  get sources(): ReadonlyMap<string, SourceFile> {
    return this.read;
  }

  /** A file's text, or undefined when there is none that can be read. */
  source(path: string): SourceFile | undefined {
    const known = this.read.get(path);
    if (known !== undefined) return known;
    const text = this.files.readText(path);
    if (text === undefined) return undefined;
    const source = new SourceFile(path, text);
    this.read.set(path, source);
    return source;
  }

  /** The names in a folder, sorted, or undefined when there is no such folder. */
  namesIn(folder: string): readonly string[] | undefined {
    return this.files.listFolder(folder === '' ? '.' : folder);
  }

  /** The folder's name without links; as it is named where nobody knows. */
  realName(folder: string): string {
    return this.files.realFolder?.(folder === '' ? '.' : folder) ?? folder;
  }

  /** The paths of the files in a folder whose names end so, or undefined when there is no such folder. */
  filesIn(folder: string, endings: RegExp): readonly string[] | undefined {
    return this.files
      .listFolder(folder)
      ?.filter((name) => endings.test(name))
      .map((name) => resolvedPath(folder, name));
  }
}

/**
 * A path as written in a file of this folder, from the working folder, without `.` and `..` where they can be resolved and
 * without a slash at its end: `examples/lab` and `inventory/` give `examples/lab/inventory`.
 */
export function resolvedPath(folder: string, path: string): string {
  const joined = posix.isAbsolute(path) ? posix.normalize(path) : posix.join(folder, path);
  return joined.length > 1 && joined.endsWith('/') ? joined.slice(0, -1) : joined;
}

/** The folder that a file is in; empty for the working folder. */
export function folderOf(path: string): string {
  const folder = posix.dirname(path);
  return folder === '.' ? '' : folder;
}
