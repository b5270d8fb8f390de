/*
 * What the host itself uses each function for, from the storage, network and consoles of a capture. That a function is not used
 * (`hostUse: []`) is said of storage and network functions only, and only where the collector saw all there is to see.
 */
import { pciClassFamily, type BdfAddress, type HostUse, type PciFunction } from '../../model';
import type { CapturedTree } from '../capture/captured-tree';
import { endpointsOnPath } from './attributes';
import { COLLECTED } from './machine';
import { addNetworkUses, type NetworkFacts } from './network-uses';
import { addStorageUses } from './storage-uses';
import { Uses } from './uses';

/**
 * The number that the kernel gives to its first PID namespace, on every machine: process 1 of another one is a container's.
 *
 * @see https://github.com/torvalds/linux/blob/v6.12/include/linux/proc_ns.h PROC_PID_INIT_INO
 */
const FIRST_PID_NAMESPACE = 'pid:[4026531836]';

/** Drivers that give a device to a program of its own, or keep it from everybody; they have no interface. */
const WITHOUT_INTERFACE = /^(?:uio|igb_uio|pci-stub|pci-pf-stub)|vfio/;

/** Programs that hand a device to a guest; who else has one open through VFIO is a program of the host (DPDK, SPDK). */
const HYPERVISORS = /^(?:qemu|virtqemud|libvirtd|virt-launcher|cloud-hyperviso)/;

/** Functions with what the host uses them for. */
export interface HostUseReading {
  readonly functions: readonly PciFunction[];
  /** Why the functions without a use are not known to be unused, in the words of a note; empty where nothing is missing. */
  readonly gaps: readonly string[];
}

/** Fills in `hostUse`. */
export function readHostUse(tree: CapturedTree, functions: readonly PciFunction[]): HostUseReading {
  const uses = new Uses();
  const { hasZfs } = addStorageUses(tree, uses);
  const network = addNetworkUses(tree, uses);
  addConsoles(tree, uses);
  addPrograms(tree, uses, functions);
  const byAddress = new Map(functions.map((fact) => [fact.address, fact]));
  addPhysicalFunctions(uses, byAddress);
  const unseen = unseenByCollector(tree);
  const storageGaps = [...unseen, ...(hasZfs ? ['a ZFS pool is in use, and the kernel does not show its disks'] : [])];
  // of a capture that is not the collector's there is nothing to add
  const networkGaps = [...unseen, ...(tree.has(`${COLLECTED}/collector`) ? unseenNetwork(tree) : [])];
  return {
    functions: functions.map((fact) => {
      const found = uses.of(fact.address, fact.place);
      const hidden = networkGaps.length > 0 ? undefined : hiddenInterface(fact, network);
      const all = [...found, ...(hidden === undefined ? [] : [hidden])];
      if (all.length > 0) return { ...fact, hostUse: all };
      const family = fact.class === undefined ? undefined : pciClassFamily(fact.class);
      const isKnown =
        (family === 'storage' && storageGaps.length === 0) || (family === 'network' && networkGaps.length === 0);
      // who has a device open through uio cannot be seen
      if (fact.driver?.includes('uio') === true) return fact;
      return isKnown ? { ...fact, hostUse: [] } : fact;
    }),
    gaps: [...new Set([...storageGaps, ...networkGaps])],
  };
}

function addConsoles(tree: CapturedTree, uses: Uses): void {
  const active = tree.line('sys/class/tty/console/active') ?? tree.line('sys/devices/virtual/tty/console/active') ?? '';
  for (const name of active.split(' ')) {
    const path = name === '' ? undefined : tree.real(`sys/class/tty/${name}`);
    for (const address of endpointsOnPath(tree, path ?? '')) uses.add(address, 'console', name);
  }
}

/** Lines `15 ovs-vswitchd` for `/dev/vfio/15`, `devices/vfio0 spdk` for the newer way. */
function addPrograms(tree: CapturedTree, uses: Uses, functions: readonly PciFunction[]): void {
  for (const line of tree.lines(`${COLLECTED}/open-vfio`)) {
    const [, device = '', program = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
    if (device === '' || HYPERVISORS.test(program)) continue;
    const cdev = /^devices\/(vfio\d+)$/.exec(device)?.[1];
    for (const { address, iommuGroup } of functions) {
      const isOpen =
        cdev === undefined
          ? String(iommuGroup) === device
          : tree.names(`sys/bus/pci/devices/${address}/vfio-dev`).includes(cdev);
      if (isOpen) uses.add(address, 'other', `open in ${program} through VFIO`);
    }
  }
}

/** Whoever takes a physical function takes its virtual ones. */
function addPhysicalFunctions(uses: Uses, byAddress: ReadonlyMap<BdfAddress, PciFunction>): void {
  for (const address of uses.addresses) {
    const fact = byAddress.get(address);
    if (fact?.physicalFunction === undefined) continue;
    for (const { kind, reason } of uses.of(address, fact.place)) {
      uses.add(fact.physicalFunction, kind, `${reason}, virtual function ${address}`);
    }
  }
}

/** A NIC whose driver has no interface here has it in another network namespace: a pod's. */
function hiddenInterface(fact: PciFunction, { withInterface }: NetworkFacts): HostUse | undefined {
  const isNetwork = fact.class !== undefined && pciClassFamily(fact.class) === 'network';
  if (!isNetwork || typeof fact.driver !== 'string' || WITHOUT_INTERFACE.test(fact.driver)) return undefined;
  if (withInterface.has(fact.address)) return undefined;
  return { kind: 'other', reason: 'its interface is in another network namespace', observed: true, place: fact.place };
}

/** What the collector could not look into. */
function unseenByCollector(tree: CapturedTree): string[] {
  if (!tree.has(`${COLLECTED}/collector`)) return ['the capture is not the collector’s'];
  const facts = new Map(
    tree.lines(`${COLLECTED}/collector`).map((line) => {
      const blank = line.indexOf(' ');
      return [line.slice(0, blank), line.slice(blank + 1).trim()];
    }),
  );
  const gaps: string[] = [];
  if (facts.get('user') !== '0') gaps.push('the collector did not run as root');
  if (facts.get('pid-namespace') !== FIRST_PID_NAMESPACE)
    gaps.push('the collector did not see the host’s first process');
  if (!tree.has('proc/1/mountinfo') || !tree.has('proc/swaps')) gaps.push('the mounts of the host are missing');
  if (!tree.has(`${COLLECTED}/open-blocks`)) gaps.push('the open devices of the host are missing');
  return gaps;
}

function unseenNetwork(tree: CapturedTree): string[] {
  const isThere = ['ip-addr', 'ip-route4', 'ip-route6'].every((name) => tree.has(`${COLLECTED}/${name}`));
  return isThere ? [] : ['the collector found no program `ip` that shows the host’s addresses and routes'];
}
