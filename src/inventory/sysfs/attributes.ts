import { parseBdfAddress, parsePciClass, pciClassFamily, type BdfAddress } from '../../model';
import type { CapturedTree } from '../capture/captured-tree';

/** `10de` of a file that holds `0x10de`; undefined when it does not hold exactly so many digits. */
export function hexAttribute(tree: CapturedTree, path: string, digits: number): string | undefined {
  const match = /^0x([0-9a-f]{1,16})$/i.exec(tree.line(path) ?? '');
  const text = match?.[1]?.toLowerCase().padStart(digits, '0');
  return text?.length === digits ? text : undefined;
}

/** The integer that a file holds; undefined where it holds something else. */
export function integerAttribute(tree: CapturedTree, path: string): number | undefined {
  const text = tree.line(path) ?? '';
  const value = Number(text);
  return /^-?\d{1,15}$/.test(text) && Number.isSafeInteger(value) ? value : undefined;
}

/** The PCI functions on a path below `sys/devices`, from the root downward: bridges, then the function itself. */
export function functionsOnPath(path: string): readonly BdfAddress[] {
  return path.split('/').flatMap((part) => {
    const address = part.includes('.') ? parseBdfAddress(part) : undefined;
    return address?.ok === true ? [address.value] : [];
  });
}

/**
 * The functions on a path that something at its end depends on: the one that it hangs on, and those above that are no bridges,
 * such as a RAID controller in front of disks (VMD). A bridge cannot be handed over, so nothing is said of it.
 */
export function endpointsOnPath(tree: CapturedTree, path: string): readonly BdfAddress[] {
  return functionsOnPath(path).filter((address, i, all) => {
    if (i === all.length - 1) return true;
    const code = parsePciClass(hexAttribute(tree, `sys/bus/pci/devices/${address}/class`, 6) ?? '');
    return code.ok && pciClassFamily(code.value) !== 'bridge';
  });
}
