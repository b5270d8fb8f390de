import { nodeDisk } from './disk';
import { textOf, type FileContent } from './file-content';
import { interruptedWrite, type InterruptedWrite } from './interrupted-write';
import { readJournal } from './journal';
import { readIndex } from './tree-index';
import { TreeView } from './tree-view';
import type { WriteOptions } from './write-tree';

/** How a tree on disk differs from what would be written. All paths are relative to the root, in code unit order. */
export interface TreeComparison {
  /** Whether nothing differs and no write was cut off. */
  readonly same: boolean;
  /** Files that are not there. */
  readonly missing: readonly string[];
  /** Files that are there with other bytes, or as something else than a file. */
  readonly different: readonly string[];
  /** Files that the last synth wrote and this one would not. */
  readonly extra: readonly string[];
  /** Traces of a write that did not end. */
  readonly interrupted: InterruptedWrite | undefined;
}

/**
 * Compares a tree with the files that it is to hold, byte by byte. Files that hostdev did not write are not looked at.
 *
 * @throws DiskError when a folder or a file cannot be read
 */
export function compareTree(
  root: string,
  files: ReadonlyMap<string, FileContent>,
  options: WriteOptions = {},
): TreeComparison {
  const disk = options.disk ?? nodeDisk;
  const view = new TreeView(disk, root);
  const missing: string[] = [];
  const different: string[] = [];
  for (const [path, content] of files) {
    const { kind } = view.sightOf(path);
    if (kind === 'absent') missing.push(path);
    else if (kind !== 'file' || view.read(path)?.equals(Buffer.from(textOf(content))) !== true) different.push(path);
  }
  const index = readIndex(view);
  const owned = new Set([
    ...(typeof index === 'object' ? index.owned.keys() : []),
    ...(readJournal(view)?.owned.keys() ?? []),
  ]);
  const extra = [...owned].filter((path) => !files.has(path) && ['file', 'link'].includes(view.sightOf(path).kind));
  const interrupted = interruptedWrite(root, options);
  return {
    same: missing.length + different.length + extra.length === 0 && interrupted === undefined,
    missing: missing.sort(),
    different: different.sort(),
    extra: extra.sort(),
    interrupted,
  };
}
