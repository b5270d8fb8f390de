/*
 * Which functions of a node a declaration hands over, and which others must go with them. Pure matching: whether that is
 * wise (host use, viability) is for rules to say.
 */
import {
  classCode,
  parseBdfAddress,
  parsePciId,
  slotOf,
  type BdfAddress,
  type Device,
  type NodePool,
  type Passthrough,
  type PciFunction,
  type PciId,
} from '../model';

/** Classes bound with a function of the same slot when a declaration names no companions: audio, USB, other serial bus. */
export const DEFAULT_COMPANION_CLASSES: readonly string[] = ['0403', '0c03', '0c80'];

/** One declaration on one node. */
export interface BoundFunctions {
  readonly pool: NodePool;
  readonly passthrough: Passthrough;
  readonly node: string;
  /** Handed over: named by address, or matched by the selector. */
  readonly devices: readonly PciFunction[];
  /** Bound along with them. */
  readonly companions: readonly PciFunction[];
}

/** The well-formed ids of a PCI device's selectors; empty for other kinds. */
export function selectorIds(device: Device | undefined): PciId[] {
  if (device?.kind !== 'pci') return [];
  return [...new Set(device.selectors.flatMap(({ id }) => (id === undefined ? [] : [id])))];
}

/** Whether a driver of dynamic resource allocation hands a device out: it binds the device itself, and nothing else of the group. */
export function isClaimed(device: Device | undefined): boolean {
  return device?.kind === 'pci' && device.dra !== undefined;
}

/** The well-formed addresses that a declaration names for a node; undefined where it takes whatever the selector matches. */
export function declaredAddressesOn(passthrough: Passthrough, node: string): BdfAddress[] | undefined {
  const { addresses } = passthrough;
  switch (addresses.kind) {
    case 'all-matching':
      return undefined;
    case 'every-node':
      return addresses.addresses.flatMap(({ address }) => (address === undefined ? [] : [address]));
    case 'by-node':
      return addresses.byNode
        .filter((entry) => entry.node === node)
        .flatMap((entry) => entry.addresses.flatMap(({ address }) => (address === undefined ? [] : [address])));
  }
}

/** What a declaration binds on a node whose functions are known. */
export function bindOnNode(
  pool: NodePool,
  passthrough: Passthrough,
  node: string,
  functions: readonly PciFunction[],
  device: Device | undefined,
): BoundFunctions {
  const ids = new Set(selectorIds(device));
  const addresses = declaredAddressesOn(passthrough, node);
  const devices =
    addresses === undefined
      ? functions.filter(({ id }) => id !== undefined && ids.has(id))
      : functions.filter(({ address }) => addresses.includes(address));
  const companions = functions.filter((fact) => !devices.includes(fact) && isCompanion(passthrough, fact, devices));
  return { pool, passthrough, node, devices, companions };
}

function isCompanion(passthrough: Passthrough, fact: PciFunction, devices: readonly PciFunction[]): boolean {
  const sharesSlot = devices.some(({ address }) => slotOf(address) === slotOf(fact.address));
  if (passthrough.companions === undefined) {
    return sharesSlot && fact.class !== undefined && DEFAULT_COMPANION_CLASSES.includes(classCode(fact.class));
  }
  return passthrough.companions.some(({ text }) => {
    const address = parseBdfAddress(text);
    if (address.ok) return address.value === fact.address;
    const id = parsePciId(text);
    if (!id.ok || id.value !== fact.id) return false;
    const sharesGroup = devices.some(
      ({ iommuGroup }) => typeof iommuGroup === 'number' && iommuGroup === fact.iommuGroup,
    );
    return sharesSlot || sharesGroup;
  });
}
