import { GUEST_UUID } from './guest';

const FUNCTIONS = [
  '{ address: "0000:01:00.0", class: "010802", id: "1b36:0010", subsystem: "1af4:1100", serial: BOOT0, driver: nvme, iommuGroup: 10, hostUse: [{ kind: root-disk, reason: / }] }',
  '{ address: "0000:02:00.0", class: "010802", id: "1b36:0010", subsystem: "1af4:1100", serial: DATA1, driver: nvme, iommuGroup: 11, hostUse: [] }',
  '{ address: "0000:03:00.0", class: "010802", id: "1b36:0010", subsystem: "1af4:1100", serial: DATA2, driver: nvme, iommuGroup: 12, hostUse: [] }',
  '{ address: "0000:04:00.0", class: "0380", id: "1234:1111", subsystem: "1af4:1100", driver: bochs-drm, iommuGroup: 13, hostUse: [] }',
  '{ address: "0000:04:00.1", class: "0403", id: "8086:293e", subsystem: "1af4:1100", driver: snd_hda_intel, iommuGroup: 13, hostUse: [] }',
  '{ address: "0000:05:00.0", class: "060400", id: "1b36:000e", driver: none, iommuGroup: 14, hostUse: [] }',
  '{ address: "0000:06:01.0", class: "0200", id: "8086:100e", subsystem: "1af4:1100", driver: e1000, iommuGroup: 14, hostUse: [] }',
  '{ address: "0000:06:02.0", class: "0200", id: "8086:100e", subsystem: "1af4:1100", driver: e1000, iommuGroup: 14, hostUse: [] }',
  '{ address: "0000:07:00.0", class: "0200", id: "8086:10d3", subsystem: "8086:0000", driver: e1000e, iommuGroup: 15, hostUse: [] }',
  '{ address: "0000:08:00.0", class: "0200", id: "8086:10d3", subsystem: "8086:0000", driver: e1000e, iommuGroup: 16, hostUse: [{ kind: management-nic, reason: default route }] }',
  '{ address: "0000:09:00.0", class: "0380", id: "1af4:1050", subsystem: "1af4:1100", driver: virtio-pci, iommuGroup: 17, hostUse: [] }',
  '{ address: "0000:0a:00.0", class: "010802", id: "1b36:0010", subsystem: "1af4:1100", serial: MANY0, driver: nvme, iommuGroup: 19, totalVfs: 2, hostUse: [] }',
  '{ address: "0000:0a:00.1", class: "010802", id: "1b36:0010", subsystem: "1af4:1100", driver: none, iommuGroup: 20, physicalFunction: "0000:0a:00.0", hostUse: [] }',
  '{ address: "0000:0a:00.2", class: "010802", id: "1b36:0010", subsystem: "1af4:1100", driver: none, iommuGroup: 21, physicalFunction: "0000:0a:00.0", hostUse: [] }',
  '{ address: "0000:81:00.0", class: "010802", id: "1b36:0010", subsystem: "1af4:1100", serial: DATA3, driver: nvme, iommuGroup: 18, numaNode: 1, hostUse: [] }',
];

/** The inventory of the machine that {@link boot} starts, as `hostdev import` would write it. */
export function guestInventory(cpuVendor: 'intel' | 'amd'): string {
  return `apiVersion: hostdev/v1alpha1
kind: NodeInventory
metadata:
  name: node-a
spec:
  productUuid: "${GUEST_UUID}"
  cpuVendor: ${cpuVendor}
  functions:
${FUNCTIONS.map((line) => `    - ${line}\n`).join('')}`;
}

/** Lines of `nodePools.guests`, each indented by six. */
export const BY_ADDRESS = `      passthrough:
        - { device: nvme, addresses: { node-a: ["0000:02:00.0"] } }
        - { device: gpu, addresses: { node-a: ["0000:04:00.0"] }, binding: address }
        - { device: nic, addresses: { node-a: ["0000:07:00.0"] } }
        - { device: shared, addresses: { node-a: ["0000:06:01.0", "0000:06:02.0"] } }
`;

/** The other display by its id, where that is right: every function that the id matches is declared. */
export const BY_ID = `      passthrough:
        - { device: display, binding: id }
`;

/** Virtual functions that are made at boot and handed over, beside a display by its id. */
export const BY_ID_AND_VIRTUAL = `${BY_ID}        - { device: nvme, addresses: { node-a: ["0000:0a:00.1", "0000:0a:00.2"] } }
      sriov: [{ parent: "1b36:0010", numVfs: 2 }]
`;

/** What is made on the host itself: virtual functions, and mediated devices. */
export const MADE_BY_HOST = `      sriov: [{ parent: "8086:10d3", numVfs: 4 }]
      mediatedDevices:
        - { device: mdev, createdBy: host, count: 2 }
`;

/** A fleet of the one machine, for a platform. */
export function guestFleet(platform: string, cpuVendor: 'intel' | 'amd', passthrough: string = BY_ADDRESS): string {
  return `apiVersion: hostdev/v1alpha1
kind: Fleet
metadata:
  name: guests
spec:
  inventory: inventory/
  cluster:
    nodePlatform: ${platform}
    kubevirt: { version: "1.6" }
  devices:
    nvme: { pci: ["1b36:0010"], resourceName: example.com/nvme }
    gpu: { pci: ["1234:1111"], resourceName: example.com/gpu }
    nic: { pci: ["8086:10d3"], resourceName: example.com/nic }
    shared: { pci: ["8086:100e"], resourceName: example.com/shared }
    display: { pci: ["1af4:1050"], resourceName: example.com/display }
    mdev: { mdev: { name: GRID T4-1Q, parent: "1234:1111" }, resourceName: example.com/mdev }
  nodePools:
    guests:
      nodes: [node-a]
      cpuVendor: ${cpuVendor}
      iommu: { pt: true }
${passthrough}`;
}
