import type { TreeSource } from './capture/tree-source';
import { unpackCapture } from './capture/unpack-capture';
import { importHardware, type ImportedInventory, type ImportTarget } from './import-hardware';
import { UNKNOWN_MACHINE } from './machine-facts';
import { readSysfs, unreadableCapture } from './sysfs/read-sysfs';

/** What is imported, for whom, and over what. */
export interface CaptureImport extends ImportTarget {
  /** The capture as shown to the user. */
  readonly file: string;
  /** A folder, or the bytes of an archive. */
  readonly capture: TreeSource | Uint8Array;
}

/**
 * Makes a node's inventory file from a captured sysfs tree, a folder or an archive; see {@link importHardware} for what becomes
 * of a file there.
 */
export function importCapture({ file, capture, ...target }: CaptureImport): ImportedInventory {
  return importHardware(file, target, () => {
    if ('entry' in capture) return readSysfs(file, capture);
    const unpacked = unpackCapture(capture);
    if (unpacked.ok) return readSysfs(file, unpacked.value);
    const problem = unreadableCapture({ kind: 'file', file }, unpacked.reason, unpacked.help);
    return { functions: [], machine: UNKNOWN_MACHINE, problems: [problem] };
  });
}
