/*
 * The `ids=` lists of vfio-pci that live MachineConfigs carry. They never add up: modprobe joins all options in the order of
 * its files and puts the kernel command line last, and the module keeps the last list it is given (node-prep.md facts 71, 72).
 */
import { compareText } from '../../model';
import type { Place } from '../../source';
import type { LiveMachineConfig } from './live-machine-configs';

/** One list, with what carries it. */
export interface LiveIdList {
  readonly machineConfig: LiveMachineConfig;
  /** The file; undefined: a kernel argument, which comes after every file. */
  readonly path: string | undefined;
  /** In lower case, in the order of the list. */
  readonly ids: readonly string[];
  readonly place: Place;
}

/**
 * The lists in the order in which vfio-pci is given them: the last one counts. Files with a path in `ownPaths` are left out.
 *
 * @param configs - in the order in which they are merged
 */
export function liveIdLists(configs: readonly LiveMachineConfig[], ownPaths: ReadonlySet<string>): LiveIdList[] {
  const fileByPath = new Map<string, LiveIdList>();
  const fromArguments: LiveIdList[] = [];
  for (const machineConfig of configs) {
    for (const { path, text, place } of machineConfig.files) {
      if (ownPaths.has(path) || !/^\/etc\/modprobe\.d\/[^/]+\.conf$/.test(path)) continue;
      // a later MachineConfig replaces the file as a whole
      fileByPath.delete(path);
      const ids = text === undefined ? undefined : modprobeIds(text);
      if (ids !== undefined) fileByPath.set(path, { machineConfig, path, ids, place });
    }
    for (const { text, place } of machineConfig.kernelArguments) {
      const list = /^vfio[-_]pci\.ids=(.*)$/.exec(text)?.[1];
      if (list !== undefined) fromArguments.push({ machineConfig, path: undefined, ids: idsIn(list), place });
    }
  }
  const fromFiles = [...fileByPath.values()].sort((a, b) => compareText(a.path ?? '', b.path ?? ''));
  return [...fromFiles, ...fromArguments];
}

/** The last `ids=` of vfio-pci in a file of modprobe.d, or undefined when it sets none. */
export function modprobeIds(text: string): string[] | undefined {
  let ids: string[] | undefined;
  for (const line of text.replace(/\\\n/g, ' ').split('\n')) {
    const words = line.trim().split(/[ \t]+/);
    if (words[0] !== 'options' || words[1]?.replaceAll('-', '_') !== 'vfio_pci') continue;
    for (const word of words.slice(2)) if (word.startsWith('ids=')) ids = idsIn(word.slice(4));
  }
  return ids;
}

function idsIn(list: string): string[] {
  return list
    .split(',')
    .map((id) => id.trim().toLowerCase())
    .filter((id) => id !== '');
}
