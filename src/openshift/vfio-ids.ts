import { posix } from 'node:path';
import { parsePciId, type PciId } from '../model';

/** The entries of one `ids=` list of vfio-pci. */
export interface VfioIdList {
  /** Ids that are claimed whatever the function's subsystem and class. */
  readonly ids: readonly PciId[];
  /** Entries that vfio-pci passes over with a warning in the kernel log. */
  readonly malformed: readonly string[];
}

/** `%x` of the kernel's scanf, which takes `0x` too. */
const ENTRY = /^(?:0x)?[0-9a-f]{1,8}(?::(?:0x)?[0-9a-f]{1,8}){1,5}$/i;

/**
 * Reads what stands behind `ids=`: `10de:1eb8,10de:10f7`. An entry that is narrowed to a subsystem or a class is well-formed, and
 * not among the ids: which functions it claims hangs on more than their id.
 *
 * @see https://github.com/torvalds/linux/blob/v6.12/drivers/vfio/pci/vfio_pci.c (vfio_pci_fill_ids)
 */
export function parseVfioIds(text: string): VfioIdList {
  const entries = text.split(',').filter((entry) => entry !== '');
  return {
    ids: entries.flatMap((entry) => {
      const id = parsePciId(entry);
      return id.ok ? [id.value] : [];
    }),
    malformed: entries.filter((entry) => !ENTRY.test(entry)),
  };
}

/**
 * What a kernel argument sets `ids` of vfio-pci to: `10de:1eb8` for `vfio_pci.ids=10de:1eb8`; undefined for any other argument.
 * `-` and `_` are the same in names of modules.
 */
export function idsOfKernelArgument(argument: string): string | undefined {
  return /^vfio[-_]pci\.ids=(.*)$/.exec(argument)?.[1];
}

/**
 * What the `options` lines of a file in /etc/modprobe.d set `ids` of vfio-pci to, one for each time that it is set, in order.
 *
 * @see https://man7.org/linux/man-pages/man5/modprobe.d.5.html
 */
export function idsOfModprobeFile(text: string): string[] {
  return text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => /^\s*options\s+vfio[-_]pci(?=\s)/.test(line))
    .flatMap((line) => line.split(/\s+/).flatMap((word) => (word.startsWith('ids=') ? [unquoted(word.slice(4))] : [])));
}

function unquoted(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

/**
 * Whether a file of /etc/modules-load.d loads vfio-pci at boot; lines that begin with `#` or `;` are comments.
 *
 * @see https://man7.org/linux/man-pages/man5/modules-load.d.5.html
 */
export function loadsVfioPci({ path, text }: { readonly path: string; readonly text: string | undefined }): boolean {
  return (
    posix.dirname(path) === '/etc/modules-load.d' &&
    path.endsWith('.conf') &&
    /^[ \t]*vfio[-_]pci[ \t]*$/m.test(text ?? '')
  );
}
