/*
 * Where in a capture the machine's `sys` is: at the top, below one or more folders (`./`, `capture/`, `40intel64-2g2n4c/`), or
 * the capture is the folder `sys` itself.
 */
import { accepted, compareNatural, refused, type Parsed } from '../../model';
import type { TreeSource } from './tree-source';

const DEEPEST = 6;
const MOST_FOLDERS = 2000;

/**
 * The tree that holds `sys` at its top, with PCI devices in it. Folders are looked into level by level, links are not
 * followed; two machines on one level are refused, since nobody said which one is meant.
 */
export function findMachine(source: TreeSource): Parsed<TreeSource> {
  let level = [''];
  let looked = 0;
  for (let depth = 0; depth <= DEEPEST && level.length > 0; depth++) {
    const found = level.flatMap((folder): TreeSource[] => {
      if (isFolder(source, `${folder}sys/bus/pci/devices`)) return [below(source, folder)];
      return isFolder(source, `${folder}bus/pci/devices`) ? [asSys(source, folder)] : [];
    });
    const [first, second] = found;
    if (first !== undefined && second === undefined) return accepted(first);
    if (first !== undefined) return refused(`there are ${found.length} machines in it`);
    const next: string[] = [];
    for (const folder of level) {
      for (const name of namesIn(source, folder.slice(0, -1))) {
        if (++looked > MOST_FOLDERS) break;
        if (isFolder(source, `${folder}${name}`)) next.push(`${folder}${name}/`);
      }
    }
    level = next;
  }
  return refused('there is no folder `sys/bus/pci/devices` in it');
}

function namesIn(source: TreeSource, folder: string): readonly string[] {
  const entry = source.entry(folder);
  return entry?.kind === 'folder' ? [...entry.names()].sort(compareNatural) : [];
}

function isFolder(source: TreeSource, path: string): boolean {
  return source.entry(path)?.kind === 'folder';
}

function below(source: TreeSource, folder: string): TreeSource {
  const top = folder.slice(0, -1);
  return folder === '' ? source : { entry: (path) => source.entry(path === '' ? top : folder + path) };
}

function asSys(source: TreeSource, folder: string): TreeSource {
  const top = folder.slice(0, -1);
  return {
    entry: (path) => {
      if (path === '') return { kind: 'folder', names: () => ['sys'] };
      if (path === 'sys') return source.entry(top);
      return path.startsWith('sys/') ? source.entry(folder + path.slice('sys/'.length)) : undefined;
    },
  };
}
