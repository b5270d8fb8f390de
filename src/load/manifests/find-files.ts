import { resolvedPath, type TextStore } from '../text-store';

/** Deeper than any tree that people keep. */
const DEEPEST_FOLDER = 32;

/** Folders of tools, which hold other people's files by the thousand. */
function isPassedOver(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

/**
 * Every file below a folder whose name ends so, in the order of the paths; undefined when there is no such folder. A folder that links lead to
 * twice is looked into once.
 */
export function filesBelow(store: TextStore, folder: string, endings: RegExp): string[] | undefined {
  const names = store.namesIn(folder);
  return names === undefined ? undefined : collect(store, folder, names, endings, new Set([store.realName(folder)]), 0);
}

function collect(
  store: TextStore,
  folder: string,
  names: readonly string[],
  endings: RegExp,
  seen: Set<string>,
  depth: number,
): string[] {
  return names.flatMap((name) => {
    if (isPassedOver(name)) return [];
    const path = resolvedPath(folder, name);
    const inside = depth < DEEPEST_FOLDER ? store.namesIn(path) : undefined;
    if (inside !== undefined) {
      const real = store.realName(path);
      if (seen.has(real)) return [];
      seen.add(real);
      return collect(store, path, inside, endings, seen, depth + 1);
    }
    return endings.test(name) ? [path] : [];
  });
}

/**
 * The files that a pattern names, in the order of the paths: `../tenants/*.yaml`. `*` and `?` stand for any text and for one
 * character of a name, `**` for any number of folders. Folders whose names begin with a dot, and `node_modules`, are found only
 * where the pattern spells them out.
 *
 * @param folder - what the pattern is relative to
 */
export function filesMatching(store: TextStore, folder: string, pattern: string): string[] {
  const isAbsolute = pattern.startsWith('/');
  const segments = pattern.split('/').filter((segment) => segment !== '' && segment !== '.');
  const found = new Set<string>();
  walk(store, isAbsolute ? '/' : folder, segments, { found, below: new Set() }, 0);
  return [...found].sort((a, b) => (a < b ? -1 : 1));
}

/** What was found, and the folders on the way from the first `**` to here, without links. */
interface Walk {
  readonly found: Set<string>;
  readonly below: ReadonlySet<string>;
}

function walk(
  store: TextStore,
  folder: string,
  segments: readonly string[],
  { found, below }: Walk,
  depth: number,
): void {
  const [segment, ...rest] = segments;
  if (segment === undefined || depth > DEEPEST_FOLDER) return;
  if (segment === '..' || !/[*?]/.test(segment)) {
    const path = resolvedPath(folder, segment);
    if (rest.length > 0) walk(store, path, rest, { found, below }, depth + 1);
    else if (store.namesIn(path) === undefined && store.source(path) !== undefined) found.add(path);
    return;
  }
  if (segment === '**') {
    const real = store.realName(folder);
    if (below.has(real)) return;
    walk(store, folder, rest, { found, below }, depth);
    below = new Set([...below, real]);
  }
  for (const name of store.namesIn(folder) ?? []) {
    if (isPassedOver(name)) continue;
    const path = resolvedPath(folder, name);
    const isFolder = store.namesIn(path) !== undefined;
    if (segment === '**') {
      if (isFolder) walk(store, path, segments, { found, below }, depth + 1);
    } else if (matches(segment, name)) {
      if (rest.length > 0) walk(store, path, rest, { found, below }, depth + 1);
      else if (!isFolder) found.add(path);
    }
  }
}

/**
 * Whether a name has the form of one segment of a pattern: `vm-?.yaml`, `*.yaml`. The last star is the only one that is ever tried
 * again, so that no pattern takes long.
 */
export function matches(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let retry = 0;
  let i = 0;
  while (i < name.length) {
    if (at < pattern.length && pattern[at] === '*') {
      star = at++;
      retry = i;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[i])) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++retry;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
