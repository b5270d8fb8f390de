import { posix } from 'node:path';
import { compareText } from '../model';
import type { Place } from '../source';
import type { MachineConfig, MachineConfigFile } from './machine-config';
import { effectiveFiles, type MachineConfigPool } from './machine-config-pools';
import { idsOfKernelArgument, idsOfModprobeFile, parseVfioIds, type VfioIdList } from './vfio-ids';

/** One list of ids that a pool gives to vfio-pci. */
export interface VfioIdSource extends VfioIdList {
  /** As it stands behind `ids=`. */
  readonly text: string;
  /** The file, or the kernel argument. */
  readonly from: string;
  /** The file; undefined: a kernel argument, which comes after every file. */
  readonly path: string | undefined;
  readonly config: MachineConfig;
  readonly place: Place;
}

/**
 * Every list of ids that the nodes of a pool get, in the order in which the kernel takes them: the last one counts, the others do
 * nothing. Files of /etc/modprobe.d come in the order of their names, kernel arguments behind them.
 *
 * @see https://github.com/kmod-project/kmod/blob/v33/libkmod/libkmod-module.c (kmod_module_get_options)
 */
export function vfioIdSources(pool: Pick<MachineConfigPool, 'configs'>): VfioIdSource[] {
  const effective = new Set(effectiveFiles(pool));
  return [...sourcesIn(pool, (file) => effective.has(file)), ...argumentSources(pool)];
}

/** The lists in files that never reach a node, because a later MachineConfig of the pool writes the same file. */
export function replacedIdSources(pool: Pick<MachineConfigPool, 'configs'>): VfioIdSource[] {
  const effective = new Set(effectiveFiles(pool));
  return sourcesIn(pool, (file) => !effective.has(file));
}

function sourcesIn(
  { configs }: Pick<MachineConfigPool, 'configs'>,
  counts: (file: MachineConfigFile) => boolean,
): VfioIdSource[] {
  return configs
    .flatMap((config) => config.files.filter(counts).map((file) => ({ config, file })))
    .filter(({ file: { path } }) => posix.dirname(path) === '/etc/modprobe.d' && path.endsWith('.conf'))
    .sort((a, b) => compareText(a.file.path, b.file.path))
    .flatMap(({ config, file: { path, text, place } }) =>
      idsOfModprobeFile(text ?? '').map((ids) => ({
        ...parseVfioIds(ids),
        text: ids,
        from: path,
        path,
        config,
        place,
      })),
    );
}

function argumentSources({ configs }: Pick<MachineConfigPool, 'configs'>): VfioIdSource[] {
  return configs.flatMap((config) =>
    config.kernelArguments.flatMap(({ text: from, place }) => {
      const text = idsOfKernelArgument(from);
      return text === undefined ? [] : [{ ...parseVfioIds(text), text, from, path: undefined, config, place }];
    }),
  );
}
