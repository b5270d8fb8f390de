import { resolvedPath, type TextStore } from '../text-store';

/** Deeper than any tree that people keep; a link that leads back up would go on for ever. */
const DEEPEST_FOLDER = 32;

/** Folders of tools, which hold other people's files by the thousand. */
function isPassedOver(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

/** Every file below a folder whose name ends so, in the order of the paths; undefined when there is no such folder. */
export function filesBelow(store: TextStore, folder: string, endings: RegExp): string[] | undefined {
  const names = store.namesIn(folder);
  return names === undefined ? undefined : collect(store, folder, names, endings, 0);
}

function collect(store: TextStore, folder: string, names: readonly string[], endings: RegExp, depth: number): string[] {
  return names.flatMap((name) => {
    if (isPassedOver(name)) return [];
    const path = resolvedPath(folder, name);
    const inside = depth < DEEPEST_FOLDER ? store.namesIn(path) : undefined;
    if (inside !== undefined) return collect(store, path, inside, endings, depth + 1);
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
  walk(store, isAbsolute ? '/' : folder, segments, 0, found);
  return [...found].sort((a, b) => (a < b ? -1 : 1));
}

function walk(store: TextStore, folder: string, segments: readonly string[], depth: number, found: Set<string>): void {
  const [segment, ...rest] = segments;
  if (segment === undefined || depth > DEEPEST_FOLDER) return;
  if (segment === '..' || !/[*?]/.test(segment)) {
    const path = resolvedPath(folder, segment);
    if (rest.length > 0) walk(store, path, rest, depth + 1, found);
    else if (store.namesIn(path) === undefined && store.source(path) !== undefined) found.add(path);
    return;
  }
  if (segment === '**') walk(store, folder, rest, depth, found);
  for (const name of store.namesIn(folder) ?? []) {
    if (isPassedOver(name)) continue;
    const path = resolvedPath(folder, name);
    const isFolder = store.namesIn(path) !== undefined;
    if (segment === '**') {
      if (isFolder) walk(store, path, segments, depth + 1, found);
    } else if (matches(segment, name)) {
      if (rest.length > 0) walk(store, path, rest, depth + 1, found);
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
