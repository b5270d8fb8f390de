import { parseClaims, type Claims, type OwnedFiles } from './tree-index';
import type { TreeView } from './tree-view';

/**
 * What a write keeps in the root while it is under way. None of the names ends in a way that kubectl, kustomize or Argo CD
 * would take for a manifest.
 */
export const WORK_FILES = {
  /** Held by the one process that writes; its text names that process. */
  lock: '.hostdev-lock',
  /** New texts, complete, under the numbers 0, 1, 2, … */
  stage: '.hostdev-stage',
  /** There from before the first change to the tree until after the last. */
  journal: '.hostdev-journal',
} as const;

/**
 * The text of a journal: every file that this write, or one before it that was cut off, may have put into the tree.
 *
 * The index on disk stays the old one until the last step, so without the journal a file that a cut-off write put there
 * would look like somebody else's.
 */
export function formatJournal(files: OwnedFiles): string {
  // an object of thousands of keys costs more than all of its texts
  const entries = Array.from(files, ([path, hashes]) => `${JSON.stringify(path)}:${JSON.stringify(hashes)}`);
  return `{"version":1,"files":{${entries.join(',')}}}`;
}

/** What the journal in a root claims, or undefined when there is none. One that cannot be read claims nothing. */
export function readJournal(view: TreeView): Claims | undefined {
  const { kind } = view.sightOf(WORK_FILES.journal);
  if (kind === 'absent') return undefined;
  const text = kind === 'file' ? view.read(WORK_FILES.journal)?.toString('utf8') : undefined;
  return parseClaims(text ?? '', (entry) => entry) ?? { owned: new Map(), unsafe: [] };
}
