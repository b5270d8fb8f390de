import type { Problem } from '../../diagnostics';
import type { DifferenceKind } from './compare-inventories';

const BY_ADDRESS = 'The fleet binds by address what the inventory says is there, and checks it on the node.';

/** A node whose DMI product UUID is not the inventory's. */
export const OTHER_MACHINE: Problem = {
  code: 'INV150',
  slug: 'inventory/other-machine',
  severity: 'error',
  summary: 'the inventory is of another machine',
  why: `
The DMI product UUID tells machines apart. A node that was replaced under its name has other devices at the same addresses; rows of the binding
table are keyed by the UUID, so nothing is bound on it until its inventory is imported anew.`,
  sources: [],
};

/** What each kind of difference is called, and why it matters. */
export const DIFFERENCES: Readonly<Record<DifferenceKind, Problem>> = {
  moved: {
    code: 'INV151',
    slug: 'inventory/moved-device',
    severity: 'error',
    summary: 'a device is at another address than the inventory says',
    why: `
A card that comes or goes renumbers the buses behind it. ${BY_ADDRESS} A declaration of the old address binds nothing, or refuses because something
else is there now.`,
    sources: [
      {
        claim: 'a new card renumbered the buses, and the drives of a node changed their addresses',
        url: 'https://github.com/harvester/harvester/issues/6518',
      },
    ],
  },
  replaced: {
    code: 'INV152',
    slug: 'inventory/replaced-device',
    severity: 'error',
    summary: 'another device is at an address than the inventory says',
    why: `
${BY_ADDRESS} Id, subsystem and serial are its identity. A row with a serial is refused for another card of the model; a row without one takes it,
with the data that is on it.`,
    sources: [],
  },
  gone: {
    code: 'INV153',
    slug: 'inventory/missing-device',
    severity: 'error',
    summary: 'a device of the inventory is not there any more',
    why: `
What the fleet predicts counts the device: VMs are placed on the node that find none there. A listing of a part of the machine looks the same.`,
    sources: [],
  },
  new: {
    code: 'INV154',
    slug: 'inventory/unrecorded-device',
    severity: 'error',
    summary: 'a device is there that the inventory does not have',
    why: `
Whether ids may be bound, and whether a group is viable, is judged by all functions of the node. One that the inventory does not have is not taken
into account: a list of ids takes it along, and a group with it in it does not work.`,
    sources: [],
  },
  'group-changed': {
    code: 'INV155',
    slug: 'inventory/changed-iommu-group',
    severity: 'error',
    summary: 'a device shares its IOMMU group with others than the inventory says',
    why: `
The group is what a VM gets. New company has to be bound too, and KubeVirt counts devices of one group as one. Firmware settings and updates of the
kernel change groups; a group that has only another number is the same group.`,
    sources: [
      { claim: 'every function of a group must be bound', url: 'https://github.com/kubevirt/kubevirt/issues/6718' },
    ],
  },
  'numa-changed': {
    code: 'INV156',
    slug: 'inventory/changed-numa-node',
    severity: 'error',
    summary: 'a device is on another NUMA node than the inventory says',
    why: `
kubelet is told the NUMA node of each device and lays CPUs and memory beside it. A VM that fitted one node may not fit the other.`,
    sources: [],
  },
  'driver-changed': {
    code: 'INV157',
    slug: 'inventory/changed-driver',
    severity: 'info',
    summary: 'a device has another driver than the inventory says',
    why: `
Binding changes drivers: an inventory that was taken before the fleet was rolled out shows the driver of the host. Nothing depends on it for functions
that the fleet binds itself.`,
    sources: [],
  },
  'host-use-changed': {
    code: 'INV158',
    slug: 'inventory/changed-host-use',
    severity: 'error',
    summary: 'the host uses a device for something else than the inventory says',
    why: `
What the host uses is never handed over, and what it is known not to use may be. A disk that has become part of the container storage since the
inventory was written would be taken from the node.`,
    sources: [],
  },
};
