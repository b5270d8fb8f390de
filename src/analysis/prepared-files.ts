import type { NodePlatform } from '../model';
import { BINDING_TABLE_PATH, vfioIdSources, type MachineConfig, type VfioIdSource } from '../openshift';
import { keepsIds, type AdoptedConfigs } from './adopted-configs';
import type { Effects, FileEffect, UnitEffect } from './effects';

/** Options of vfio-pci: the ids that it claims by itself. */
export const MODPROBE_PATH = '/etc/modprobe.d/vfio.conf';

/** Modules loaded at boot. */
export const MODULES_LOAD_PATH = '/etc/modules-load.d/vfio-pci.conf';

/** Where the bind program is on a node of OpenShift: RHCOS keeps `/usr/local` writable, and its own scripts are there. */
export const BIND_PROGRAM_PATH = '/usr/local/bin/hostdev-vfio-bind';

/** The unit that runs it at every boot. */
export const BIND_UNIT_NAME = 'hostdev-vfio-bind.service';

/** The unit that compares what is with the table at every boot. */
export const VERIFY_UNIT_NAME = 'hostdev-vfio-verify.service';

/**
 * Where the bind program is on a platform; undefined where it cannot run. Flatcar has no writable `/usr/local`, and Fedora CoreOS runs no
 * program from `/etc` by itself, so with Ignition it is in `/etc` and the unit hands it to the shell.
 *
 * @see https://www.flatcar.org/docs/latest/reference/developer-guides/sdk-disk-partitions/
 */
export function bindProgramPath(platform: NodePlatform): string | undefined {
  switch (platform) {
    case 'openshift':
    case 'cloud-init':
    case 'linux':
      return BIND_PROGRAM_PATH;
    case 'ignition':
      return '/etc/hostdev/hostdev-vfio-bind';
    case 'talos':
      return undefined;
  }
}

/** Where the table of virtual functions is. */
export const FUNCTIONS_TABLE_PATH = '/etc/hostdev/virtual-functions';

/** The unit that makes virtual functions at every boot. */
export const FUNCTIONS_UNIT_NAME = 'hostdev-virtual-functions.service';

/** Where the program that makes virtual functions is on a platform: beside the one that binds. */
export function functionsProgramPath(platform: NodePlatform): string | undefined {
  return bindProgramPath(platform)?.replace(/hostdev-vfio-bind$/, 'hostdev-virtual-functions');
}

/** Where the table of vGPUs is. */
export const VGPUS_TABLE_PATH = '/etc/hostdev/vgpus';

/** The unit that makes vGPUs at every boot. */
export const VGPUS_UNIT_NAME = 'hostdev-vgpus.service';

/** Where the program that makes vGPUs is on a platform: beside the one that binds. */
export function vgpusProgramPath(platform: NodePlatform): string | undefined {
  return bindProgramPath(platform)?.replace(/hostdev-vfio-bind$/, 'hostdev-vgpus');
}

/**
 * The files that carry a unit's effects to its nodes, in the order in which they are written; Talos takes settings, not files.
 *
 * What an adopted MachineConfig has in a file of another name stays in that file. One that binds the same ids without a file that loads
 * the module goes on without it: a new file reboots every node, and what loads it today goes on doing so.
 */
export function fileEffects(
  {
    ids,
    modules,
    rows,
    virtualFunctions,
    vgpus,
  }: Pick<Effects, 'ids' | 'modules' | 'rows' | 'virtualFunctions' | 'vgpus'>,
  platform: NodePlatform,
  adopted: AdoptedConfigs,
): FileEffect[] {
  const program = bindProgramPath(platform);
  const makes = functionsProgramPath(platform);
  const makesVgpus = vgpusProgramPath(platform);
  if (program === undefined || makes === undefined || makesVgpus === undefined) return [];
  const isLoadedOtherwise =
    adopted.idFile !== undefined && adopted.moduleFile === undefined && rows.length === 0 && keepsIds(adopted, ids);
  const options = adopted.idFile?.path ?? MODPROBE_PATH;
  const list = adopted.moduleFile?.path ?? MODULES_LOAD_PATH;
  return [
    ...(ids.length > 0 ? [{ kind: 'module-options', path: options } as const] : []),
    ...(modules.length > 0 && !isLoadedOtherwise ? [{ kind: 'module-list', path: list } as const] : []),
    ...(rows.length > 0
      ? [{ kind: 'bind-program', path: program } as const, { kind: 'bind-table', path: BINDING_TABLE_PATH } as const]
      : []),
    ...(virtualFunctions.length > 0
      ? [
          { kind: 'functions-program', path: makes } as const,
          { kind: 'functions-table', path: FUNCTIONS_TABLE_PATH } as const,
        ]
      : []),
    ...(vgpus.length > 0
      ? [{ kind: 'vgpus-program', path: makesVgpus } as const, { kind: 'vgpus-table', path: VGPUS_TABLE_PATH } as const]
      : []),
  ];
}

/** The units that run at every boot, in their order. */
export function systemdUnitEffects(
  { rows, virtualFunctions, vgpus }: Pick<Effects, 'rows' | 'virtualFunctions' | 'vgpus'>,
  platform: NodePlatform,
): UnitEffect[] {
  if (bindProgramPath(platform) === undefined) return [];
  return [
    ...(virtualFunctions.length > 0 ? [{ kind: 'functions', name: FUNCTIONS_UNIT_NAME } as const] : []),
    ...(vgpus.length > 0 ? [{ kind: 'vgpus', name: VGPUS_UNIT_NAME } as const] : []),
    ...(rows.length > 0
      ? [{ kind: 'bind', name: BIND_UNIT_NAME } as const, { kind: 'verify', name: VERIFY_UNIT_NAME } as const]
      : []),
  ];
}

/** The paths of the files that carry a unit's effects to its nodes. */
export function preparedPaths({ files }: Pick<Effects, 'files'>): string[] {
  return files.map(({ path }) => path);
}

/** The file in modprobe.d that carries a unit's ids. */
export function moduleOptionsPath({ files }: Pick<Effects, 'files'>): string {
  return files.find(({ kind }) => kind === 'module-options')?.path ?? MODPROBE_PATH;
}

/**
 * The lists of ids that others give to vfio-pci, the last one counting: the file that the fleet writes itself is left out.
 *
 * @param ownPath - that file
 */
export function foreignIdSources(configs: readonly MachineConfig[], ownPath = MODPROBE_PATH): VfioIdSource[] {
  return vfioIdSources({ configs }).filter(({ path }) => path !== ownPath);
}
