import { nodeDisk } from './disk';
import { readJournal, WORK_FILES } from './journal';
import { TreeView } from './tree-view';
import { isLocked } from './writer-lock';
import { thisProcess } from './writer';
import type { WriteOptions } from './write-tree';

/** Traces of a write that did not end. */
export interface InterruptedWrite {
  readonly root: string;
  /** Whether files of the tree may be partly new and partly old; otherwise the tree is whole and only traces are left. */
  readonly mixed: boolean;
  /** How many files the write was to change; 0 when it did not come that far. */
  readonly fileCount: number;
  /** Whether the process that writes is still there: nothing is wrong then, it has not ended yet. */
  readonly running: boolean;
}

/**
 * Says whether a write of this tree was cut off, or is going on.
 *
 * @returns undefined when there is no trace of one, or no such folder
 * @throws DiskError when the folder cannot be read
 */
export function interruptedWrite(root: string, options: WriteOptions = {}): InterruptedWrite | undefined {
  const disk = options.disk ?? nodeDisk;
  const view = new TreeView(disk, root);
  const names = [...view.entriesOf('').keys()];
  if (!names.some((name) => Object.values(WORK_FILES).some((work) => name.startsWith(work)))) return undefined;
  const journal = readJournal(view);
  return {
    root,
    mixed: journal !== undefined,
    fileCount: journal?.owned.size ?? 0,
    running: isLocked(disk, root, options.writer ?? thisProcess()),
  };
}
