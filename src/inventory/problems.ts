import type { Problem, SourceLink } from '../diagnostics';
import { DIFFERENCES, OTHER_MACHINE } from './compare/difference-problems';

const LSPCI_URL = 'https://github.com/pciutils/pciutils/blob/001b9ac6d7b706a223faa7d2dd1bd7d50393e2c9/lspci.c';
const NAMES_URL = 'https://github.com/pciutils/pciutils/blob/06f9ecf36e529695feea35038e15233dffe37bb7/lib/names.c';

const ADDRESS_FORM: SourceLink = {
  claim: 'sysfs names a function by domain, bus, device and function: `0000:65:00.0`',
  url: 'https://github.com/torvalds/linux/blob/v6.12/Documentation/PCI/sysfs-pci.rst',
};
const PRINTED_FORM: SourceLink = {
  claim:
    'lspci prints a line that begins with the address for every function, sorted by address (show_terse, sort_them)',
  url: LSPCI_URL,
};
const GROUP_OF_ENDPOINTS: SourceLink = {
  claim: 'a group is handed over whole: every endpoint in it is on a vfio driver or on none',
  url: 'https://github.com/torvalds/linux/blob/v6.12/Documentation/driver-api/vfio.rst',
};
const KUBEVIRT_COMPARES_IDS: SourceLink = {
  claim: 'virt-handler finds the devices of a node by vendor and device id',
  url: 'https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-handler/device-manager/device_controller.go#L256-L267',
};
const BY_UUID: SourceLink = {
  claim: 'the kernel shows the machine’s product UUID in lower case (dmi_save_uuid)',
  url: 'https://github.com/torvalds/linux/blob/v6.12/drivers/firmware/dmi_scan.c',
};
const YAML_CORE_SCHEMA: SourceLink = {
  claim: 'unquoted digits are an integer in the core schema; leading zeros are not kept',
  url: 'https://yaml.org/spec/1.2.2/#1032-tag-resolution',
};
const UNIQUE_KEY: SourceLink = {
  claim: 'an address belongs to one function of a machine',
  url: 'https://github.com/torvalds/linux/blob/v6.12/Documentation/PCI/sysfs-pci.rst',
};
const NODE_NAME: SourceLink = {
  claim: 'the name of a Node is a DNS-1123 subdomain',
  url: 'https://github.com/kubernetes/kubernetes/blob/v1.33.0/pkg/apis/core/validation/validation.go',
};

/** A text holds no PCI function at all. */
export const NO_FUNCTION: Problem = {
  code: 'INV101',
  slug: 'inventory/no-function',
  severity: 'error',
  summary: 'a text lists no PCI function',
  why: `
An inventory without functions says that the node has no hardware, and everything that is derived from it would be wrong. Nothing is
written. The text must be what \`lspci\` prints, taken on the node: \`lspci -Dnnvv\` as root shows all that can be read.`,
  sources: [PRINTED_FORM],
};

/** A line that names a function cannot be understood. */
export const UNREADABLE_FUNCTION: Problem = {
  code: 'INV102',
  slug: 'inventory/unreadable-function',
  severity: 'error',
  summary: 'a line names a PCI function in a form that cannot be read',
  why: `
The function would be missing from the inventory. Binding by id is allowed only where every function with that id is known, and a group is
handed over whole only where all of it is known: a hole in the inventory is not safe. Nothing is written.`,
  sources: [ADDRESS_FORM, PRINTED_FORM],
};

/** An address with a full stop behind the domain. */
export const MISPRINTED_ADDRESS: Problem = {
  code: 'INV103',
  slug: 'inventory/misprinted-address',
  severity: 'warning',
  summary: 'an address has a full stop where the colon behind the domain belongs',
  why: `
\`lspci\` prints \`0000:65:00.0\`; \`0000.65:00.0\` is how KubeVirt’s user guide prints it, and comes from text that somebody typed. The
address is understood, but text that was typed may have other slips: take it from the node.`,
  sources: [ADDRESS_FORM],
};

/** One function stands in a text more than once, and the entries agree. */
export const FUNCTION_LISTED_TWICE: Problem = {
  code: 'INV104',
  slug: 'inventory/function-listed-twice',
  severity: 'info',
  summary: 'a text lists a PCI function more than once',
  why: `
A file may hold several listings of one machine, for example \`lspci -Dnn\` and below it \`lspci -Dnnvv\`. Entries that do not contradict each
other are read as one.`,
  sources: [PRINTED_FORM],
};

/** One function stands in a text more than once, and the entries contradict each other. */
export const CONTRADICTORY_LISTING: Problem = {
  code: 'INV105',
  slug: 'inventory/contradictory-listing',
  severity: 'error',
  summary: 'a text says different things of one PCI function',
  why: `
Two listings in one file are of two machines, or of one machine at two times. Which one is true cannot be known. Nothing is written.`,
  sources: [UNIQUE_KEY],
};

/** Functions without vendor and device id. */
export const MISSING_IDS: Problem = {
  code: 'INV106',
  slug: 'inventory/missing-ids',
  severity: 'warning',
  summary: 'a text shows PCI functions without their ids',
  why: `
Without \`-nn\` lspci prints names only. virt-handler, the device plugins and the kernel compare ids, so nothing can be said about a function
without one. With \`-nn\` the id is missing where the name is longer than lspci’s buffer; \`lspci -Dn\` shows it.`,
  sources: [
    { claim: '-nn adds the numbers to the names; long names are cut (format_name_pair)', url: NAMES_URL },
    KUBEVIRT_COMPARES_IDS,
  ],
};

/** Lines that are not lspci's. */
export const STRAY_TEXT: Problem = {
  code: 'INV107',
  slug: 'inventory/stray-text',
  severity: 'warning',
  summary: 'a text holds lines that lspci does not print',
  why: `
Such lines are passed over. A line that was broken in two by a mail program or a terminal ends up here, too: then the first half lacks what
the second half says.`,
  sources: [PRINTED_FORM],
};

/** A text that ends in the middle of a line. */
export const CUT_OFF_TEXT: Problem = {
  code: 'INV108',
  slug: 'inventory/cut-off-text',
  severity: 'warning',
  summary: 'a text ends without a line end',
  why: `
lspci ends every line. Where the last line end is missing, the end of the line and further functions may be missing as well.`,
  sources: [PRINTED_FORM],
};

/** A text that shows a part of a machine. */
export const PARTIAL_LISTING: Problem = {
  code: 'INV109',
  slug: 'inventory/partial-listing',
  severity: 'info',
  summary: 'a text lists PCI functions and no bridge',
  why: `
Nearly every machine has PCI bridges. A listing without one was most likely taken with \`-s\` or \`-d\`, or went through a filter. What it
leaves out cannot be checked: functions of the same IOMMU group, and further functions with the same id.`,
  sources: [GROUP_OF_ENDPOINTS],
};

/** A function that lspci complained about and did not list. */
export const UNLISTED_FUNCTION: Problem = {
  code: 'INV110',
  slug: 'inventory/unlisted-function',
  severity: 'warning',
  summary: 'lspci names a PCI function in an error and does not list it',
  why: `
The function exists and could not be read, for example because its configuration space did not answer. It is missing from the inventory.`,
  sources: [{ claim: 'a function whose header cannot be read is reported and left out (scan_device)', url: LSPCI_URL }],
};

/** An archive or a folder that cannot be read as a machine. */
export const UNREADABLE_CAPTURE: Problem = {
  code: 'INV111',
  slug: 'inventory/unreadable-capture',
  severity: 'error',
  summary: 'a capture of sysfs cannot be read',
  why: `
A capture is a folder, a tar archive, or a tar archive packed by gzip, that holds \`sys/bus/pci/devices\` of one machine at any depth. What is
cut off or damaged is not read in part: the functions that are missing from it would be missing from the inventory. Nothing is written.
\`hostdev import --collector\` prints a program that takes a capture on the node.`,
  sources: [
    {
      claim: 'sysfs has a folder for every PCI function',
      url: 'https://github.com/torvalds/linux/blob/v6.12/Documentation/PCI/sysfs-pci.rst',
    },
  ],
};

/** Functions of a capture that it does not describe. */
export const SPARSE_FUNCTIONS: Problem = {
  code: 'INV112',
  slug: 'inventory/sparse-functions',
  severity: 'warning',
  summary: 'a capture names PCI functions without their ids',
  why: `
The entries of \`sys/bus/pci/devices\` are links. Where a capture has the links and not what they lead to, a function is known by its address
only: virt-handler, the device plugins, and the kernel compare ids, so nothing can be said about it.`,
  sources: [KUBEVIRT_COMPARES_IDS],
};

/** Storage and network functions whose host use a capture does not show. */
export const UNSEEN_HOST_USE: Problem = {
  code: 'INV113',
  slug: 'inventory/unseen-host-use',
  severity: 'info',
  summary: 'a capture does not show all that the host uses',
  why: `
That the host does not use a disk or a NIC is written only when everything that could use it was seen: mounts, swap, device mapper, md, ZFS,
open devices, interfaces, addresses, and routes, all of the host and not of a container. Otherwise \`hostUse\` stays unknown, and such a function
is handed over by address with an acknowledgement only. What was seen to be used is written all the same.`,
  sources: [
    {
      claim: 'the kernel unbinds a disk that is in use without asking (unbind_store)',
      url: 'https://github.com/torvalds/linux/blob/v6.12/drivers/base/bus.c',
    },
  ],
};

/** A document that is no inventory. */
export const NOT_AN_INVENTORY: Problem = {
  code: 'INV121',
  slug: 'inventory/not-an-inventory',
  severity: 'error',
  summary: 'a document is not a NodeInventory',
  why: `
A file of the inventory holds one document with \`apiVersion: hostdev/v1alpha1\` and \`kind: NodeInventory\`, for one node. Another document in
the folder would be a node that nobody sees.`,
  sources: [],
};

/** A key that inventories do not have. */
export const UNKNOWN_KEY: Problem = {
  code: 'INV122',
  slug: 'inventory/unknown-key',
  severity: 'error',
  summary: 'an inventory has a key that is not known',
  why: `
What stands under a misspelt key would be passed over in silence: a \`hostUse\` that nobody reads does not protect a disk.`,
  sources: [],
};

/** A key that must be there. */
export const MISSING_KEY: Problem = {
  code: 'INV123',
  slug: 'inventory/missing-key',
  severity: 'error',
  summary: 'an inventory lacks a key that it must have',
  why: `
Without it the entry has no identity: a node is known by its name, a function by its address, a host use by its kind and reason.`,
  sources: [],
};

/** A value of another type than the key takes. */
export const WRONG_TYPE: Problem = {
  code: 'INV124',
  slug: 'inventory/wrong-type',
  severity: 'error',
  summary: 'a value in an inventory has another type than its key takes',
  why: `
The value cannot be used, and taking it for something similar would be a guess. A fact that is not known is left out; \`none\` says that it is
known that there is none.`,
  sources: [],
};

/** A value that its key does not take. */
export const INVALID_VALUE: Problem = {
  code: 'INV125',
  slug: 'inventory/invalid-value',
  severity: 'error',
  summary: 'a value in an inventory does not have the form that its key takes',
  why: `
Addresses, ids and classes are compared with what the kernel shows. A value in another form never compares equal.`,
  sources: [ADDRESS_FORM, KUBEVIRT_COMPARES_IDS, BY_UUID],
};

/** Digits without quotes. */
export const UNQUOTED_DIGITS: Problem = {
  code: 'INV126',
  slug: 'inventory/unquoted-digits',
  severity: 'error',
  summary: 'a code of hexadecimal digits is read as a number',
  why: `
\`class: 0302\` is the number 302, and \`revision: 1e1\` is the number 10. Only quotes keep the digits as they were typed.`,
  sources: [YAML_CORE_SCHEMA],
};

/** An address in two entries. */
export const DUPLICATE_FUNCTION: Problem = {
  code: 'INV127',
  slug: 'inventory/duplicate-function',
  severity: 'error',
  summary: 'an inventory has two entries for one address',
  why: `
Which of the two is true cannot be known. Two branches that both touched an inventory can leave such a pair behind after a merge.`,
  sources: [UNIQUE_KEY],
};

/** A name of shared hardware that no file has. */
export const UNKNOWN_HARDWARE: Problem = {
  code: 'INV170',
  slug: 'inventory/unknown-hardware',
  severity: 'error',
  summary: 'an inventory names a hardware that there is no file of',
  why: `
Identical machines share one file, \`hardware/NAME.yaml\` in the folder of the inventories; a node's own file holds its identity and its
differences. Without the shared file nothing is known of the node's devices.`,
  sources: [],
};

/** Something else among shared hardware. */
export const NOT_HARDWARE: Problem = {
  code: 'INV171',
  slug: 'inventory/not-hardware',
  severity: 'error',
  summary: 'a document in the folder of shared hardware is not a NodeHardware',
  why: `
A file of that folder holds one document with \`apiVersion: hostdev/v1alpha1\` and \`kind: NodeHardware\`. The inventory of a node would be
passed over there; it belongs one folder up. A hardware is made from no other hardware.`,
  sources: [],
};

/** A difference that fits no function of the hardware. */
export const UNMATCHED_DIFFERENCE: Problem = {
  code: 'INV172',
  slug: 'inventory/unmatched-difference',
  severity: 'error',
  summary: 'an inventory differs from its hardware at an address that does not fit',
  why: `
An entry in the inventory of a node that shares its hardware changes facts of a function that the hardware has, takes the function away with
\`removed: true\`, or adds one that the hardware lacks with \`added: true\`. Anything else is about another machine or a mistyped address: a
\`hostUse\` that belongs to no function protects no disk.`,
  sources: [],
};

/** Shared hardware that nobody shares. */
export const UNUSED_HARDWARE: Problem = {
  code: 'INV173',
  slug: 'inventory/unused-hardware',
  severity: 'info',
  summary: 'no inventory names a hardware',
  why: `
The file says nothing about any node. It may be left over, or the node that it was written for has a file of its own that does not name it.`,
  sources: [],
};

/** A file of shared hardware whose name is not what it says. */
export const AMBIGUOUS_HARDWARE: Problem = {
  code: 'INV174',
  slug: 'inventory/ambiguous-hardware',
  severity: 'error',
  summary: 'which file a name of hardware means is not clear',
  why: `
Nodes name hardware as its file is named. A file that calls itself something else was most likely copied and not edited, and two files of one
name say two things of one machine.`,
  sources: [],
};

/** A node name that Kubernetes does not take. */
export const INVALID_NODE_NAME: Problem = {
  code: 'INV131',
  slug: 'inventory/invalid-node-name',
  severity: 'error',
  summary: 'a node name is not one that Kubernetes takes',
  why: `
An inventory belongs to a Node object by its name, and is kept in a file of that name.`,
  sources: [NODE_NAME],
};

/** An inventory of another node where this node's was expected. */
export const OTHER_NODE: Problem = {
  code: 'INV132',
  slug: 'inventory/other-node',
  severity: 'error',
  summary: 'the inventory to be renewed is another node’s',
  why: `
What people added to one node’s inventory is not true of another node. Nothing is written.`,
  sources: [],
};

/** Functions that an import sees for the first time. */
export const NEW_FUNCTIONS: Problem = {
  code: 'INV133',
  slug: 'inventory/new-functions',
  severity: 'info',
  summary: 'an import sees PCI functions that the inventory did not have',
  why: `
New functions have no stated host use: a disk or network card among them is not bound until somebody says what the host does with it.`,
  sources: [],
};

/** Functions that an import no longer sees. */
export const GONE_FUNCTIONS: Problem = {
  code: 'INV134',
  slug: 'inventory/gone-functions',
  severity: 'info',
  summary: 'an import no longer sees PCI functions that the inventory had',
  why: `
The functions are taken out of the inventory, with what people had added to them; where something was added, this is a warning. A listing of a
part of the machine has the same effect.`,
  sources: [],
};

/** Another device at a known address. */
export const REPLACED_FUNCTIONS: Problem = {
  code: 'INV135',
  slug: 'inventory/replaced-functions',
  severity: 'info',
  summary: 'an import sees other devices at known addresses',
  why: `
What people had added (serial, host use) was said of the device that was there before, so it is taken out. Where something was added, this is
a warning.`,
  sources: [ADDRESS_FORM],
};

/** Statements about functions that may have moved. */
export const MOVED_FUNCTIONS: Problem = {
  code: 'INV136',
  slug: 'inventory/moved-functions',
  severity: 'warning',
  summary: 'like devices may stand at each other’s addresses after a card came or went',
  why: `
Adding or removing a card can renumber the buses behind it. Where a device of one id came or went, the devices of that id at higher addresses may
have moved: what was said of one is then about its neighbour, and acting on \`hostUse: []\` could take the boot disk. Such statements are taken
out; statements that the host does use a device stay, and so do those of functions with a serial, which is compared on the node.`,
  sources: [
    {
      claim: 'a new card renumbered the buses, and the drives of a node changed their addresses',
      url: 'https://github.com/harvester/harvester/issues/6518',
    },
  ],
};

/** Everything that can be wrong with an inventory and its sources, by code. */
export const INVENTORY_PROBLEMS: readonly Problem[] = [
  NO_FUNCTION,
  UNREADABLE_FUNCTION,
  MISPRINTED_ADDRESS,
  FUNCTION_LISTED_TWICE,
  CONTRADICTORY_LISTING,
  MISSING_IDS,
  STRAY_TEXT,
  CUT_OFF_TEXT,
  PARTIAL_LISTING,
  UNLISTED_FUNCTION,
  UNREADABLE_CAPTURE,
  SPARSE_FUNCTIONS,
  UNSEEN_HOST_USE,
  NOT_AN_INVENTORY,
  UNKNOWN_KEY,
  MISSING_KEY,
  WRONG_TYPE,
  INVALID_VALUE,
  UNQUOTED_DIGITS,
  DUPLICATE_FUNCTION,
  INVALID_NODE_NAME,
  OTHER_NODE,
  NEW_FUNCTIONS,
  GONE_FUNCTIONS,
  REPLACED_FUNCTIONS,
  MOVED_FUNCTIONS,
  OTHER_MACHINE,
  ...Object.values(DIFFERENCES),
  UNKNOWN_HARDWARE,
  NOT_HARDWARE,
  UNMATCHED_DIFFERENCE,
  UNUSED_HARDWARE,
  AMBIGUOUS_HARDWARE,
];
