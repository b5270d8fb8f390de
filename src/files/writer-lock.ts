import type { Disk } from './disk';
import { WORK_FILES } from './journal';
import type { Writer } from './writer';

/**
 * Takes the lock of a root. A lock whose holder is gone is taken over.
 *
 * Two processes that find the same dead holder at the same moment both move the lock aside; the second one then holds the
 * fresh lock of the first in its hand, sees that its holder lives, and puts it back.
 *
 * @returns the name of the process that holds the lock, or undefined when it is now ours
 */
export function takeLock(disk: Disk, root: string, writer: Writer): string | undefined {
  const lock = `${root}/${WORK_FILES.lock}`;
  for (let attempt = 0; attempt < TAKING_ATTEMPTS; attempt++) {
    if (disk.create(lock, writer.name)) return undefined;
    const holder = readHolder(disk, lock);
    if (holder === undefined) continue;
    if (writer.isAlive(holder)) return holder;
    const aside = `${lock}-${writer.name.replace(/\W.*/s, '')}`;
    if (!disk.rename(lock, aside)) continue;
    const moved = disk.read(aside)?.toString('utf8') ?? '';
    if (moved !== holder && writer.isAlive(moved)) {
      disk.create(lock, moved);
      disk.removeFile(aside);
      return moved;
    }
    disk.removeFile(aside);
  }
  return UNKNOWN_HOLDER;
}

/** Gives the lock back, if it is still ours. */
export function releaseLock(disk: Disk, root: string, writer: Writer): void {
  if (holdsLock(disk, root, writer)) disk.removeFile(`${root}/${WORK_FILES.lock}`);
}

/** Whether the lock is ours: asked once more before the tree is changed. */
export function holdsLock(disk: Disk, root: string, writer: Writer): boolean {
  return disk.read(`${root}/${WORK_FILES.lock}`)?.toString('utf8') === writer.name;
}

/** Whether a process that lives holds the lock. */
export function isLocked(disk: Disk, root: string, writer: Writer): boolean {
  const holder = readHolder(disk, `${root}/${WORK_FILES.lock}`);
  return holder !== undefined && writer.isAlive(holder);
}

/** The name in a lock; undefined when there is none. A holder killed before it wrote its name leaves an empty text. */
function readHolder(disk: Disk, lock: string): string | undefined {
  for (let attempt = 0; ; attempt++) {
    const holder = disk.read(lock)?.toString('utf8');
    if (holder !== '' || attempt === EMPTY_LOCK_ATTEMPTS) return holder;
    pause(EMPTY_LOCK_PAUSE_MILLISECONDS);
  }
}

// more than a crowd of writers needs; the end for a lock that is there and cannot be read, such as a dangling symbolic link
const TAKING_ATTEMPTS = 100;
const UNKNOWN_HOLDER = 'unknown';
const EMPTY_LOCK_ATTEMPTS = 10;
const EMPTY_LOCK_PAUSE_MILLISECONDS = 5;

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
