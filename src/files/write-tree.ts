/*
 * Makes a tree on disk hold exactly the given files, and touches nothing else in it.
 *
 * The steps: take the lock; plan, and refuse if something foreign is in the way; write the new texts whole into a staging
 * folder; put down the journal; remove, move each text onto its place, or the folder that is to come with all of its texts, the
 * index last; take the journal away.
 * Each step is one system call that happens or does not, so a kill leaves one of three states: the old tree (no journal), the
 * new tree (no journal, or a journal that the next write takes away), or a mixed tree with a journal that names every file the
 * next write needs to know as ours. That write need not finish the old one: it plans anew from what it finds.
 *
 * Nothing is flushed to the device. A process that is killed loses nothing that the kernel has accepted; after a loss of power
 * a tree may be mixed without a journal, which `compareTree` finds all the same, because it compares bytes and not dates.
 */
import { InternalError } from '../diagnostics';
import { nodeDisk, type Disk } from './disk';
import { DiskError } from './disk-error';
import { formatJournal, readJournal, WORK_FILES } from './journal';
import { INDEX_FILE, indexDifferences, readIndex, type Claims, type OwnedFiles } from './tree-index';
import { sha256Of, textOf, type FileContent } from './file-content';
import { folderOf, foldersAbove, isTreePath } from './tree-path';
import { TreeView } from './tree-view';
import { thisProcess, type Writer } from './writer';
import { holdsLock, releaseLock, takeLock } from './writer-lock';
import { planWriting, type WritingPlan } from './writing-plan';

/** What tests replace. */
export interface WriteOptions {
  /** @default - the real disk */
  readonly disk?: Disk;
  /** @default - this process */
  readonly writer?: Writer;
}

/** What came of a write. All paths are relative to the root, in code unit order. */
export type WriteResult =
  | {
      readonly kind: 'written';
      /** Files that are new or have a new text. */
      readonly written: readonly string[];
      /** Files of the last synth that are gone now. */
      readonly removed: readonly string[];
      /** Those of both lists that somebody had changed by hand since the last synth. */
      readonly edited: readonly string[];
      readonly unchangedCount: number;
      /** Whether this write completed one that was cut off. */
      readonly completed: boolean;
    }
  /** Something that hostdev did not write is in the way, with other bytes; nothing was written. */
  | { readonly kind: 'foreign'; readonly paths: readonly string[] }
  /**
   * What is at `fleet.json` is no index of ours, or it (or the journal) claims files outside the root, so that what the last
   * synth wrote cannot be known; nothing was written. `paths` are those outside, or the index itself.
   */
  | { readonly kind: 'bad-index'; readonly paths: readonly string[] }
  /** Another process is writing this tree; nothing was written. */
  | { readonly kind: 'busy'; readonly writer: string }
  /** The disk refused. */
  | {
      readonly kind: 'failed';
      readonly path: string;
      /** In words: `no space left on the device`. */
      readonly reason: string;
      /** Whether some files are new and some old: the next write completes it. */
      readonly cutOff: boolean;
    };

/**
 * Writes a tree.
 *
 * @param root - the folder, made when it does not exist; it may be a symbolic link, what lies below may not
 * @param files - what each file holds, by its path below the root: `kubevirt/kubevirt.kubevirt.yaml`. One of them is the index, `fleet.json`, whose
 * `files` lists all others with their `sha256`
 * @throws InternalError when a path is not one below the root, or the index does not list exactly the other files
 */
export function writeTree(
  root: string,
  files: ReadonlyMap<string, FileContent>,
  options: WriteOptions = {},
): WriteResult {
  requireSound(files);
  const disk = options.disk ?? nodeDisk;
  const writer = options.writer ?? thisProcess();
  try {
    disk.makeFolder(root);
    const holder = takeLock(disk, root, writer);
    if (holder !== undefined) return { kind: 'busy', writer: holder };
    try {
      return writeLocked({ disk, root, writer, files });
    } finally {
      releaseLock(disk, root, writer);
    }
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return { kind: 'failed', path: error.path, reason: error.reason, cutOff: hasJournal(disk, root) };
  }
}

interface Job {
  readonly disk: Disk;
  readonly root: string;
  readonly writer: Writer;
  readonly files: ReadonlyMap<string, FileContent>;
}

function writeLocked({ disk, root, writer, files }: Job): WriteResult {
  clearStage(disk, root);
  const view = new TreeView(disk, root);
  const index = readIndex(view);
  if (index === 'foreign') return { kind: 'bad-index', paths: [INDEX_FILE] };
  const journal = readJournal(view);
  const claims = [...(index === 'absent' ? [] : [index]), ...(journal === undefined ? [] : [journal])];
  const unsafe = claims.flatMap((claim) => claim.unsafe);
  if (unsafe.length > 0) return { kind: 'bad-index', paths: [...new Set(unsafe)].sort() };

  const owned = joinClaims(claims);
  const plan = planWriting(view, files, owned);
  if (plan.foreign.length > 0) return { kind: 'foreign', paths: plan.foreign };
  if (journal !== undefined || plan.write.length + plan.remove.length + plan.emptied.length > 0) {
    const stage = stageTexts(disk, root, plan, files);
    if (!holdsLock(disk, root, writer)) return { kind: 'busy', writer: 'unknown' };
    const touched = [...plan.write, ...plan.remove, ...(journal?.owned.keys() ?? [])];
    putJournal(disk, root, new Map(touched.map((path) => [path, joinHashes(owned.get(path), newHashes(files, path))])));
    commit(disk, root, plan, stage);
    removeTree(disk, `${root}/${WORK_FILES.stage}`);
    disk.removeFile(`${root}/${WORK_FILES.journal}`);
  }
  return {
    kind: 'written',
    written: plan.write,
    removed: plan.remove,
    edited: plan.edited,
    unchangedCount: files.size - plan.write.length,
    completed: journal !== undefined,
  };
}

/**
 * Where each text waits, below the staging folder: by its number, or where a whole folder is new, below that folder, which is moved
 * onto its place with all that it holds.
 */
interface Stage {
  /** In the order of `plan.write`. */
  readonly at: readonly string[];
  /** Folders that are moved, by their path in the tree. */
  readonly folders: readonly string[];
}

const NEW_FOLDERS = 'new';

function stageOf({ write, folders }: WritingPlan): Stage {
  const missing = new Set(folders);
  return {
    at: write.map((path, i) => (missing.has(folderOf(path)) ? `${NEW_FOLDERS}/${path}` : `${i}`)),
    folders: folders.filter((folder) => !missing.has(folderOf(folder))),
  };
}

/** Writes the new texts whole; when the disk refuses one, for want of space say, all are taken away again. */
function stageTexts(disk: Disk, root: string, plan: WritingPlan, files: ReadonlyMap<string, FileContent>): Stage {
  const folder = `${root}/${WORK_FILES.stage}`;
  const stage = stageOf(plan);
  try {
    disk.makeFolder(folder);
    for (const missing of plan.folders) disk.makeFolder(`${folder}/${NEW_FOLDERS}/${missing}`);
    plan.write.forEach((path, i) => {
      disk.write(`${folder}/${stage.at[i] ?? i}`, textOf(files.get(path)));
    });
  } catch (error) {
    clearStage(disk, root);
    throw error;
  }
  return stage;
}

function putJournal(disk: Disk, root: string, touched: OwnedFiles): void {
  const draft = `${root}/${WORK_FILES.stage}/journal`;
  disk.write(draft, formatJournal(touched));
  disk.rename(draft, `${root}/${WORK_FILES.journal}`);
}

function commit(disk: Disk, root: string, plan: WritingPlan, stage: Stage): void {
  for (const path of plan.remove) disk.removeFile(`${root}/${path}`);
  for (const folder of plan.emptied) disk.removeFolder(`${root}/${folder}`);
  const put = (staged: string, path: string): void => {
    const moved = disk.rename(`${root}/${WORK_FILES.stage}/${staged}`, `${root}/${path}`);
    if (!moved) throw new DiskError(`${root}/${path}`, 'ENOENT');
  };
  for (const folder of stage.folders) put(`${NEW_FOLDERS}/${folder}`, folder);
  plan.write.forEach((path, i) => {
    if (path !== INDEX_FILE && stage.at[i] === `${i}`) put(`${i}`, path);
  });
  const last = plan.write.indexOf(INDEX_FILE);
  if (last >= 0) put(`${last}`, INDEX_FILE);
}

/** Takes away what a writer that is gone left behind, except the journal: the plan needs it. */
function clearStage(disk: Disk, root: string): void {
  for (const [name, kind] of disk.list(root) ?? []) {
    const path = `${root}/${name}`;
    if (name === WORK_FILES.stage && kind === 'folder') {
      removeTree(disk, path);
    } else if (name === WORK_FILES.stage || name.startsWith(`${WORK_FILES.lock}-`)) {
      disk.removeFile(path);
    }
  }
}

function removeTree(disk: Disk, folder: string): void {
  for (const [name, kind] of disk.list(folder) ?? []) {
    if (kind === 'folder') removeTree(disk, `${folder}/${name}`);
    else disk.removeFile(`${folder}/${name}`);
  }
  disk.removeFolder(folder);
}

function joinClaims(claims: readonly Claims[]): OwnedFiles {
  const owned = new Map<string, readonly string[]>();
  for (const [path, hashes] of claims.flatMap((claim) => [...claim.owned])) {
    owned.set(path, joinHashes(owned.get(path), hashes));
  }
  return owned;
}

function joinHashes(a: readonly string[] = [], b: readonly string[] = []): readonly string[] {
  if (a.length === 0) return b;
  return b.length === 0 ? a : [...new Set([...a, ...b])].sort();
}

/** The hash of the text that a path is to get; the index, which is the last to come and needs none, has none. */
function newHashes(files: ReadonlyMap<string, FileContent>, path: string): readonly string[] {
  const content = files.get(path);
  return content === undefined || path === INDEX_FILE ? [] : [sha256Of(content)];
}

function hasJournal(disk: Disk, root: string): boolean {
  try {
    return disk.read(`${root}/${WORK_FILES.journal}`) !== undefined;
  } catch {
    return false;
  }
}

/** The new index must be what makes these files ours at the next synth. */
function requireSound(files: ReadonlyMap<string, FileContent>): void {
  for (const path of files.keys()) {
    if (!isTreePath(path)) throw new InternalError(`an output path leaves the output folder: ${JSON.stringify(path)}`);
  }
  for (const folder of foldersAbove(files.keys())) {
    if (files.has(folder))
      throw new InternalError(`an output path is both a file and a folder: ${JSON.stringify(folder)}`);
  }
  const differing = indexDifferences(textOf(files.get(INDEX_FILE)), files);
  if (differing === undefined) throw new InternalError(`the output has no index ${INDEX_FILE} that lists its files`);
  if (differing.length > 0)
    throw new InternalError(`the index ${INDEX_FILE} and the output differ: ${JSON.stringify(differing.slice(0, 3))}`);
}
