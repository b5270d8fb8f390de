/* What a capture says of the machine besides its devices: who made it, what kernel it runs, and how that was started. */
import type { CpuVendor } from '../../model';
import type { CapturedTree } from '../capture/captured-tree';
import { UUID } from '../inventory-document';
import type { MachineFacts } from '../machine-facts';
import { toKernelArguments } from './kernel-arguments';
import { readNumaNodes } from './numa-nodes';
import { readUsbDevices } from './usb-devices';

/** Where the collector puts what no file of the machine says. */
export const COLLECTED = 'hostdev';

/** As Kubernetes spells what `uname -m` prints. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  s390x: 's390x',
  ppc64le: 'ppc64le',
  riscv64: 'riscv64',
};

/** Reads the facts of the machine; what the capture does not show is undefined. */
export function readMachine(tree: CapturedTree, isWhole: boolean): MachineFacts {
  const cpuinfo = tree.text('proc/cpuinfo') ?? '';
  const release = kernelRelease(tree);
  const commandLine = tree.line('proc/cmdline');
  const config = kernelConfig(tree);
  return {
    productUuid: productUuid(tree),
    hostName: tree.line('proc/sys/kernel/hostname'),
    cpuVendor: cpuVendor(cpuinfo),
    architecture: architecture(tree, cpuinfo),
    kernelRelease: release,
    kernelArguments: commandLine === undefined ? undefined : toKernelArguments(commandLine),
    iommuEnabled: iommuEnabled(tree, isWhole),
    vfioPciBuiltIn: vfioPciBuiltIn(tree, release, config, isWhole),
    vfioDeviceCdev: config === undefined ? undefined : config.get('VFIO_DEVICE_CDEV') === 'y',
    numaNodes: readNumaNodes(tree),
    usbDevices: readUsbDevices(tree, isWhole),
  };
}

function productUuid(tree: CapturedTree): string | undefined {
  const text = tree.line('sys/class/dmi/id/product_uuid') ?? tree.line('sys/devices/virtual/dmi/id/product_uuid');
  const uuid = text === undefined ? undefined : UUID.parse(text);
  // firmware that nobody filled in
  return uuid?.ok !== true || /^[0-]+$|^[f-]+$/.test(uuid.value) ? undefined : uuid.value;
}

function cpuVendor(cpuinfo: string): CpuVendor | undefined {
  const vendor = /^vendor_id[ \t]*: (\S+)/m.exec(cpuinfo)?.[1];
  if (vendor === 'GenuineIntel') return 'intel';
  if (vendor === 'AuthenticAMD') return 'amd';
  return vendor === undefined && /^CPU implementer[ \t]*: /m.test(cpuinfo) ? 'arm' : undefined;
}

function architecture(tree: CapturedTree, cpuinfo: string): string | undefined {
  const machine = tree.line(`${COLLECTED}/machine`) ?? tree.line('proc/sys/kernel/arch');
  if (machine !== undefined) return Object.hasOwn(ARCHITECTURES, machine) ? ARCHITECTURES[machine] : machine;
  // `lm` is long mode; KubeVirt has no build for 32 bits, so a node that has it runs with 64
  return /^flags[ \t]*:.* lm(?: |$)/m.test(cpuinfo) ? 'amd64' : undefined;
}

function kernelRelease(tree: CapturedTree): string | undefined {
  return tree.line('proc/sys/kernel/osrelease') ?? /^Linux version (\S+)/.exec(tree.line('proc/version') ?? '')?.[1];
}

function iommuEnabled(tree: CapturedTree, isWhole: boolean): boolean | undefined {
  const groups = tree.names('sys/kernel/iommu_groups');
  if (groups.length > 0) {
    return groups.some((group) => tree.line(`sys/kernel/iommu_groups/${group}/name`) !== 'vfio-noiommu');
  }
  // a capture may have followed the links of the functions, and left the folder out
  const devices = 'sys/bus/pci/devices';
  if (tree.names(devices).some((name) => tree.linkName(`${devices}/${name}/iommu_group`) !== undefined)) return true;
  return isWhole && tree.hasFolder('sys/kernel/iommu_groups') ? false : undefined;
}

function vfioPciBuiltIn(
  tree: CapturedTree,
  release: string | undefined,
  config: ReadonlyMap<string, string> | undefined,
  isWhole: boolean,
): boolean | undefined {
  if (config !== undefined) return config.get('VFIO_PCI') === 'y';
  const builtIn = release === undefined ? undefined : tree.text(`lib/modules/${release}/modules.builtin`);
  if (builtIn !== undefined) return /\/vfio[-_]pci\.ko$/m.test(builtIn);
  // the kernel gives `initstate` to modules that were loaded, not to those that it is built with
  if (tree.has('sys/module/vfio_pci/initstate')) return false;
  return isWhole && tree.hasFolder('sys/module/vfio_pci') ? true : undefined;
}

/** The options of the kernel's build that the collector kept, `VFIO_PCI` → `m`. */
function kernelConfig(tree: CapturedTree): ReadonlyMap<string, string> | undefined {
  const lines = tree.lines(`${COLLECTED}/kernel-config`);
  if (lines.length === 0) return undefined;
  return new Map(
    lines.flatMap((line) => {
      const [, option, value] = /^CONFIG_([A-Z0-9_]{1,60})=(\S+)$/.exec(line.trim()) ?? [];
      return option === undefined || value === undefined ? [] : [[option, value] as const];
    }),
  );
}
