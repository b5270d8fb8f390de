import { createHash } from 'node:crypto';
import type { Disk, EntryKind } from '../../../src/files/disk';
import { DiskError } from '../../../src/files/disk-error';
import { INDEX_FILE } from '../../../src/files';
import type { Writer } from '../../../src/files/writer';

/** A disk in memory: files by path, and the folders that exist. Counts what would change a real one. */
export class MemoryDisk implements Disk {
  readonly files: Map<string, string>;
  readonly folders: Set<string>;
  /** How many changing operations were asked for. */
  changeCount = 0;
  /** The operation, counted from 1, at which the process is killed: it happens half or not at all, and nothing after it. */
  private readonly killAt: number;
  private readonly half: boolean;

  constructor(from?: MemoryDisk, killAt = Infinity, half = false) {
    this.files = new Map(from?.files);
    this.folders = new Set(from?.folders);
    this.killAt = killAt;
    this.half = half;
  }

  readonly list = (folder: string): ReadonlyMap<string, EntryKind> | undefined => {
    this.alive();
    if (!this.folders.has(folder)) return undefined;
    const entries = new Map<string, EntryKind>();
    for (const path of this.files.keys())
      if (parentOf(path) === folder) entries.set(path.slice(folder.length + 1), 'file');
    for (const path of this.folders)
      if (parentOf(path) === folder) entries.set(path.slice(folder.length + 1), 'folder');
    return entries;
  };

  readonly read = (path: string): Buffer | undefined => {
    this.alive();
    const text = this.files.get(path);
    return text === undefined ? undefined : Buffer.from(text);
  };

  readonly write = (path: string, text: string): void =>
    this.change(
      () => this.put(path, text),
      () => this.put(path, text.slice(0, text.length >> 1)),
    );

  readonly create = (path: string, text: string): boolean => {
    if (this.files.has(path)) return false;
    this.change(
      () => this.put(path, text),
      () => this.put(path, ''),
    );
    return true;
  };

  readonly rename = (from: string, to: string): boolean => {
    if (this.folders.has(from)) {
      this.change(() => this.moveFolder(from, to));
      return true;
    }
    const text = this.files.get(from);
    if (text === undefined) return false;
    this.change(() => {
      this.put(to, text);
      this.files.delete(from);
    });
    return true;
  };

  readonly removeFile = (path: string): void => this.change(() => this.files.delete(path));

  readonly makeFolder = (path: string): void =>
    this.change(() => {
      const missing: string[] = [];
      for (let folder = path; folder !== ''; folder = parentOf(folder)) {
        if (this.files.has(folder)) throw new DiskError(folder, 'EEXIST');
        missing.push(folder);
      }
      for (const folder of missing) this.folders.add(folder);
    });

  readonly removeFolder = (path: string): void =>
    this.change(() => {
      if ((this.list(path)?.size ?? 1) === 0) this.folders.delete(path);
    });

  private moveFolder(from: string, to: string): void {
    if (this.files.has(to)) throw new DiskError(to, 'ENOTDIR');
    if ((this.list(to)?.size ?? 0) > 0) throw new DiskError(to, 'ENOTEMPTY');
    if (!this.folders.has(parentOf(to))) throw new DiskError(to, 'ENOENT');
    for (const folder of [...this.folders].filter((one) => one === from || one.startsWith(`${from}/`))) {
      this.folders.delete(folder);
      this.folders.add(to + folder.slice(from.length));
    }
    for (const [path, text] of [...this.files].filter(([one]) => one.startsWith(`${from}/`))) {
      this.files.delete(path);
      this.files.set(to + path.slice(from.length), text);
    }
  }

  private put(path: string, text: string): void {
    if (this.folders.has(path)) throw new DiskError(path, 'EISDIR');
    if (!this.folders.has(parentOf(path))) throw new DiskError(path, 'ENOENT');
    this.files.set(path, text);
  }

  private change(whole: () => unknown, half: () => unknown = () => undefined): void {
    this.alive();
    this.changeCount++;
    if (this.changeCount < this.killAt) {
      whole();
      return;
    }
    if (this.half) half();
    throw new Killed();
  }

  private alive(): void {
    if (this.changeCount >= this.killAt) throw new Killed();
  }
}

/** Stands for the end of the process: nothing that catches errors of the disk may catch it. */
export class Killed extends Error {}

/** A process that is gone as soon as it was killed. */
export const SHORT_LIVED: Writer = { name: '4711 boot/1', isAlive: () => false };

/** Runs a write until it is killed or ends. */
export function untilKilled(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
}

/** These files with their index, as `hostdev synth` would hand them over. */
export function outputOf(files: Readonly<Record<string, string>>): Map<string, string> {
  const entries = Object.entries(files).map(([path, text]) => [
    path,
    { sha256: createHash('sha256').update(text).digest('hex') },
  ]);
  return new Map([
    ...Object.entries(files),
    [INDEX_FILE, JSON.stringify({ files: Object.fromEntries(entries) as unknown })],
  ]);
}

/** What lies below a root, without the index and what a write in progress uses. */
export function treeOf(disk: MemoryDisk, root: string): Record<string, string> {
  const paths = [...disk.files].filter(
    ([path]) => path.startsWith(`${root}/`) && !path.startsWith(`${root}/.hostdev-`),
  );
  return Object.fromEntries(paths.map(([path, text]) => [path.slice(root.length + 1), text] as const).sort());
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}
