/*
 * The forms of an inventory document, shared by its reader and its writer: which keys there are, in which order, and what
 * their values look like.
 */
import {
  accepted,
  parseBdfAddress,
  parsePciClass,
  parsePciId,
  refused,
  type BdfAddress,
  type CpuVendor,
  type HostUseKind,
  type Parsed,
  type PciClass,
  type PciId,
} from '../model';
import type { TextForm } from './document-fields';
import { parseNodeName } from './node-name';

/** What an inventory says it is. */
export const INVENTORY_API_VERSION = 'hostdev/v1alpha1';

/** The kind of an inventory document. */
export const INVENTORY_KIND = 'NodeInventory';

/** The kind of a document that identical machines share. */
export const HARDWARE_KIND = 'NodeHardware';

/** The folder for such documents, inside the folder of the inventories. */
export const HARDWARE_FOLDER = 'hardware';

/** Keys of the document. */
export const ROOT_KEYS = ['apiVersion', 'kind', 'metadata', 'spec'] as const;

/** Keys of `metadata`. */
export const METADATA_KEYS = ['name'] as const;

/** Keys of `spec`, in the order in which they are written. */
export const SPEC_KEYS = [
  'productUuid',
  'hostName',
  'cpuVendor',
  'architecture',
  'kernelRelease',
  'kernelArguments',
  'iommuEnabled',
  'vfioPciBuiltIn',
  'vfioDeviceCdev',
  'numaNodes',
  'functions',
  'usbDevices',
] as const;

/** Facts of the machine, functions left out, that identical machines may share, in the order in which they are written. */
export const SHARED_FACT_KEYS = [
  'cpuVendor',
  'architecture',
  'kernelRelease',
  'kernelArguments',
  'iommuEnabled',
  'vfioPciBuiltIn',
  'vfioDeviceCdev',
  'numaNodes',
  'usbDevices',
] as const satisfies readonly Exclude<(typeof SPEC_KEYS)[number], 'productUuid' | 'hostName'>[];

/** Keys of `spec` in a document that identical machines share. */
export const HARDWARE_SPEC_KEYS = [...SHARED_FACT_KEYS, 'functions'] as const;

/** Keys of `spec` in the inventory of a node that shares its hardware: its identity and its differences. */
export const DIFFERENCE_SPEC_KEYS = ['hardware', 'unknown', ...SPEC_KEYS] as const;

/** Keys of a function, in the order in which they are written. */
export const FUNCTION_KEYS = [
  'address',
  'class',
  'id',
  'subsystem',
  'revision',
  'name',
  'serial',
  'driver',
  'driverVersion',
  'iommuGroup',
  'reservedRegions',
  'numaNode',
  'bridges',
  'resetMethods',
  'totalVfs',
  'numVfs',
  'physicalFunction',
  'mdevTypes',
  'vgpuTypes',
  'currentVgpuType',
  'bootVga',
  'hostUse',
] as const;

/** Keys of a function that a difference may say are unknown, where the shared hardware knows them. */
export const DIFFERING_KEYS = FUNCTION_KEYS.filter((key) => key !== 'address');

/** Keys of a function of shared hardware: a serial is one card's. */
export const SHARED_FUNCTION_KEYS = FUNCTION_KEYS.filter((key) => key !== 'serial');

/** Keys of a function in a node's inventory that differs from its hardware. */
export const DIFFERENCE_KEYS = [...FUNCTION_KEYS, 'added', 'removed', 'unknown'] as const;

/** Keys of a host use. */
export const HOST_USE_KEYS = ['kind', 'reason', 'observed'] as const;

/** Keys of a reserved region. */
export const REGION_KEYS = ['type', 'start', 'end'] as const;

/** Keys of a type of mediated device or vGPU. */
export const VGPU_TYPE_KEYS = ['id', 'name', 'instances'] as const;

/** Keys of a NUMA node, in the order in which they are written. */
export const NUMA_NODE_KEYS = ['node', 'cpus', 'memoryMebibytes', 'hugepages'] as const;

/** Keys of hugepages of one size. */
export const HUGEPAGES_KEYS = ['size', 'count'] as const;

/** Keys of a USB device, in the order in which they are written. */
export const USB_DEVICE_KEYS = ['port', 'vendor', 'product', 'serial', 'name', 'controller'] as const;

/** The value that says that there is known to be none. */
export const KNOWN_NONE = 'none';

const CPU_VENDORS: readonly CpuVendor[] = ['intel', 'amd', 'arm'];

const HOST_USE_KINDS: readonly HostUseKind[] = [
  'root-disk',
  'boot',
  'swap',
  'container-storage',
  'management-nic',
  'console',
  'other',
];

/** `0000:65:00.0`. */
export const ADDRESS: TextForm<BdfAddress> = { noun: 'a PCI address', parse: parseBdfAddress };

/** `10de:1eb8`. */
export const ID: TextForm<PciId> = { noun: 'a vendor and device id', parse: parsePciId };

/** `0302`, or with the programming interface `010802`. */
export const CLASS: TextForm<PciClass> = { noun: 'a PCI class', parse: parsePciClass };

/** `a1`, kept in lower case. */
export const REVISION: TextForm<string> = {
  noun: 'a revision',
  parse: matching(/^[0-9a-f]{2}$/, 'expected two hexadecimal digits'),
};

/** `4c4c4544-0038-3510-8052-b4c04f4b4d32`, kept in lower case. */
export const UUID: TextForm<string> = {
  noun: 'a UUID',
  parse: matching(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'expected 8-4-4-4-12 hexadecimal digits'),
};

/** An address on the bus, `0x7b800000`, kept in lower case. */
export const BUS_ADDRESS: TextForm<string> = {
  noun: 'a bus address',
  parse: matching(/^0x(?:0|[1-9a-f][0-9a-f]{0,15})$/, 'expected `0x` and hexadecimal digits'),
};

/** CPUs as the kernel lists them, `0-15,32-47`; empty for none. */
export const CPU_LIST: TextForm<string> = {
  noun: 'a list of CPUs',
  parse: matching(/^(?:\d{1,6}(?:-\d{1,6})?(?:,\d{1,6}(?:-\d{1,6})?)*)?$/, 'expected numbers and ranges: `0-15,32-47`'),
};

/** The size of a hugepage, `2Mi`. */
export const HUGEPAGE_SIZE: TextForm<string> = {
  noun: 'the size of a hugepage',
  parse: (text) => (/^[1-9]\d{0,6}[KMG]i$/.test(text) ? accepted(text) : refused('expected `2Mi` or `1Gi`')),
};

/** A USB port, `1-2.4`; `usb1` is the bus itself. */
export const USB_PORT: TextForm<string> = {
  noun: 'a USB port',
  parse: matching(/^\d{1,4}-\d{1,3}(?:\.\d{1,3}){0,7}$/, 'expected bus and ports: `1-2.4`'),
};

/** A vendor or product of USB, `46f4`. */
export const USB_ID: TextForm<string> = {
  noun: 'four hexadecimal digits',
  parse: matching(/^[0-9a-f]{4}$/, 'expected four hexadecimal digits'),
};

/** The name of a Kubernetes Node, `node01`. */
export const NODE_NAME: TextForm<string> = { noun: 'a node name', parse: parseNodeName };

/** The number of a vGPU type, `1428`; 0 is what the driver says of none. */
export const VGPU_TYPE_ID: TextForm<string> = {
  noun: 'the number of a vGPU type',
  parse: matching(/^[1-9]\d{0,8}$/, 'expected a number in quotes, or `none`'),
};

/** The name of shared hardware, `r750-t4`; it becomes the name of a file. */
export const HARDWARE_NAME: TextForm<string> = { noun: 'the name of a hardware', parse: parseNodeName };

/** A fact of the machine that is not known of the node. */
export const SHARED_FACT: TextForm<(typeof SHARED_FACT_KEYS)[number]> = oneOf('a key of `spec`', SHARED_FACT_KEYS);

/** A fact of a function that is not known of the node. */
export const DIFFERING_KEY: TextForm<(typeof DIFFERING_KEYS)[number]> = oneOf('a key of a function', DIFFERING_KEYS);

/** Any text that says something. */
export const WORDS: TextForm<string> = {
  noun: 'a text',
  parse: (text) => (text.trim() === '' ? refused('the text is empty') : accepted(text)),
};

/** `intel`, `amd` or `arm`. */
export const CPU_VENDOR: TextForm<CpuVendor> = oneOf('a CPU vendor', CPU_VENDORS);

/** `root-disk` and its like. */
export const HOST_USE_KIND: TextForm<HostUseKind> = oneOf('a kind of host use', HOST_USE_KINDS);

function matching(form: RegExp, reason: string): (text: string) => Parsed<string> {
  return (text) => {
    const lower = text.toLowerCase();
    return form.test(lower) ? accepted(lower) : refused(reason);
  };
}

function oneOf<T extends string>(noun: string, values: readonly T[]): TextForm<T> {
  return {
    noun,
    values,
    parse: (text) => {
      const value = values.find((allowed) => allowed === text);
      return value === undefined ? refused(`expected ${noun}`) : accepted(value);
    },
  };
}
