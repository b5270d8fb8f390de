/*
 * Files of a commit, read through git: nothing is checked out, and nothing of that commit is run. No shell is involved, options end
 * before anything that the user typed, and blobs are asked for by their ids, never by paths.
 */
import { UsageError } from './usage-error';
import type { World } from './world';

/** A commit. */
export interface Commit {
  /** As the user named it. */
  readonly name: string;
  readonly id: string;
}

/**
 * The commit that a REF means.
 *
 * @throws UsageError when it is none, looks like an option, or there is no repository.
 */
export function resolveCommit(world: World, name: string): Commit {
  if (name.startsWith('-')) throw new UsageError(`${JSON.stringify(name)} begins with a dash: name the commit in full`);
  if (name === '' || /[\p{Cc}\s]/u.test(name))
    throw new UsageError(`${JSON.stringify(name)} is neither a folder nor a commit`);
  const found = world.capture('git', ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`], '');
  if (found === undefined) throw new UsageError(`${name} is no folder, and there is no git to look it up as a commit`);
  const id = Buffer.from(found.output).toString('utf8').trim();
  if (found.status !== 0 || !/^[0-9a-f]{40,64}$/.test(id))
    throw new UsageError(`${name} is neither a folder nor a commit of this repository`);
  return { name, id };
}

/**
 * The texts below a folder of a commit whose paths, relative to that folder, are wanted.
 *
 * @throws UsageError when git cannot list or read them.
 */
export function readCommitFolder(
  world: World,
  { id, name }: Commit,
  folder: string,
  isWanted: (path: string) => boolean,
): Map<string, string> {
  const prefix = `${folder.replace(/\/+$/, '')}/`;
  const listed = world.capture('git', ['ls-tree', '-r', '-z', id, '--', prefix], '');
  if (listed?.status !== 0) throw new UsageError(`git cannot list ${prefix} of ${name}`);
  const blobs = Buffer.from(listed.output)
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const [, mode = '', kind = '', blob = '', path = ''] = /^(\d+) (\w+) ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
      // a link is a blob too, and its text is a path
      if (kind !== 'blob' || mode === '120000' || !path.startsWith(prefix)) return [];
      const relative = path.slice(prefix.length);
      return isWanted(relative) ? [{ blob, relative }] : [];
    });
  if (blobs.length === 0) return new Map();
  const read = world.capture('git', ['cat-file', '--batch'], blobs.map(({ blob }) => `${blob}\n`).join(''));
  if (read?.status !== 0) throw new UsageError(`git cannot read ${prefix} of ${name}`);
  return new Map(splitBatch(Buffer.from(read.output), blobs.length).map((text, i) => [blobs[i]?.relative ?? '', text]));
}

/** What `git cat-file --batch` prints: a line `<id> blob <bytes>`, the bytes, and a line end, for each. */
function splitBatch(output: Buffer, count: number): string[] {
  const texts: string[] = [];
  let at = 0;
  while (texts.length < count) {
    const end = output.indexOf(0x0a, at);
    const size = Number(/^[0-9a-f]+ blob (\d+)$/.exec(output.toString('latin1', at, Math.max(at, end)))?.[1]);
    if (end < 0 || !Number.isSafeInteger(size)) throw new UsageError('git gave something else than it was asked for');
    texts.push(output.toString('utf8', end + 1, end + 1 + size));
    at = end + 1 + size + 1;
  }
  return texts;
}
