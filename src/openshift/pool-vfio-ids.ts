import { posix } from 'node:path';
import { compareText } from '../model';
import type { Place } from '../source';
import type { MachineConfigFile } from './machine-config';
import { effectiveFiles, type MachineConfigPool } from './machine-config-pools';
import { idsOfKernelArgument, idsOfModprobeFile, parseVfioIds, type VfioIdList } from './vfio-ids';

/** One list of ids that a pool gives to vfio-pci. */
export interface VfioIdSource extends VfioIdList {
  /** As it stands behind `ids=`. */
  readonly text: string;
  /** The file, or the kernel argument. */
  readonly from: string;
  readonly place: Place;
}

/**
 * Every list of ids that the nodes of a pool get, in the order in which the kernel takes them: the last one counts, the others do
 * nothing. Files of /etc/modprobe.d come in the order of their names, kernel arguments behind them.
 *
 * @see https://github.com/kmod-project/kmod/blob/v33/libkmod/libkmod-module.c (kmod_module_get_options)
 */
export function vfioIdSources(pool: MachineConfigPool): VfioIdSource[] {
  return [...sourcesIn(effectiveFiles(pool)), ...argumentSources(pool)];
}

/** The lists in files that never reach a node, because a later MachineConfig of the pool writes the same file. */
export function replacedIdSources(pool: MachineConfigPool): VfioIdSource[] {
  const effective = new Set(effectiveFiles(pool));
  return sourcesIn(pool.configs.flatMap(({ files }) => files).filter((file) => !effective.has(file)));
}

function sourcesIn(files: readonly MachineConfigFile[]): VfioIdSource[] {
  return files
    .filter(({ path }) => posix.dirname(path) === '/etc/modprobe.d' && path.endsWith('.conf'))
    .sort((a, b) => compareText(a.path, b.path))
    .flatMap(({ path, text, place }) => idsOfModprobeFile(text ?? '').map((ids) => toSource(ids, path, place)));
}

function argumentSources({ configs }: MachineConfigPool): VfioIdSource[] {
  return configs
    .flatMap(({ kernelArguments }) => kernelArguments)
    .flatMap(({ text, place }) => {
      const ids = idsOfKernelArgument(text);
      return ids === undefined ? [] : [toSource(ids, text, place)];
    });
}

function toSource(text: string, from: string, place: Place): VfioIdSource {
  return { ...parseVfioIds(text), text, from, place };
}
