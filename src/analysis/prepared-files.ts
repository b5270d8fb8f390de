import type { Effects } from './effects';

/** Options of vfio-pci: the ids that it claims by itself. */
export const MODPROBE_PATH = '/etc/modprobe.d/vfio.conf';

/** Modules loaded at boot. */
export const MODULES_LOAD_PATH = '/etc/modules-load.d/vfio-pci.conf';

/** Where the bind program is on a node: RHCOS keeps `/usr/local` writable, and its own scripts are there. */
export const BIND_PROGRAM_PATH = '/usr/local/bin/hostdev-vfio-bind';

/** Where its table is. */
export const BINDING_TABLE_PATH = '/etc/hostdev/bindings';

/** The unit that runs it at every boot. */
export const BIND_UNIT_NAME = 'hostdev-vfio-bind.service';

/** The unit that compares what is with the table at every boot. */
export const VERIFY_UNIT_NAME = 'hostdev-vfio-verify.service';

/** The files that carry a unit's effects to its nodes. */
export function preparedPaths({ ids, modules, rows }: Effects): string[] {
  return [
    ...(ids.length > 0 ? [MODPROBE_PATH] : []),
    ...(modules.length > 0 ? [MODULES_LOAD_PATH] : []),
    ...(rows.length > 0 ? [BIND_PROGRAM_PATH, BINDING_TABLE_PATH] : []),
  ];
}
