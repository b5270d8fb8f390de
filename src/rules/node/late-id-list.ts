import { classCode } from '../../model';
import { vfioIdSources } from '../../openshift';
import { exampleFileSpec, exampleFunction, exampleInventory, exampleMachineConfig } from '../example';
import { functionInWords, inventoryLabels } from '../functions';
import { configPools } from '../machine-configs';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { counted, fitting } from '../words';

const objects = (source: string): string => `
apiVersion: v1
kind: Node
metadata: { name: node03, labels: { node-role.kubernetes.io/worker: "" } }
---
apiVersion: kubevirt.io/v1
kind: KubeVirt
metadata: { name: kubevirt, namespace: kubevirt }
spec:
  configuration:
    permittedHostDevices:
      pciHostDevices: [{ pciVendorSelector: "8086:5845", resourceName: example.com/nvme }]
${source}`;

const INVENTORY = {
  'inventory/node03.yaml': exampleInventory('node03', [
    exampleFunction('0000:5e:00.0', '0108', '8086:5845', { group: 30, driver: 'nvme', free: true }),
  ]),
};

/** Disk controllers and NICs: their drivers are in the initramfs. */
const EARLY = new Set(['0106', '0107', '0108', '0200']);

export const lateIdList = defineRule({
  code: 'NOD465',
  slug: 'node/late-id-list',
  severity: 'warning',
  needs: ['inventory'],
  manifests: ['machine-configs'],
  manifestsOnly: true,
  summary: 'ids in a file of modprobe.d come too late for a disk or NIC',
  why: `
Drivers of disks and NICs are loaded from the initramfs, which comes with the image of the operating system: a file of /etc/modprobe.d that a
MachineConfig writes is not in it. The driver of the host has the device before vfio-pci reads its ids, and keeps it. Kernel arguments are read in time;
hostdev binds such devices by address, with a program that takes them from their driver.`,
  sources: [{ claim: 'a driver keeps what it has', url: `${LINUX}/Documentation/ABI/testing/sysfs-bus-pci` }],
  examples: {
    bad: [
      {
        name: 'a drive in vfio.conf',
        reads: 'manifests',
        yaml: objects(
          exampleMachineConfig(
            '100-worker-vfiopci',
            `kernelArguments: [intel_iommu=on]\n${exampleFileSpec(
              '/etc/modprobe.d/vfio.conf',
              'data:,options%20vfio-pci%20ids=8086:5845%0A',
            ).replace(/source: ("[^"]*")/, 'source: «$1»')}`,
          ),
        ),
        files: INVENTORY,
      },
    ],
    good: [
      {
        name: 'on the kernel command line',
        reads: 'manifests',
        yaml: objects(
          exampleMachineConfig('100-worker-vfio', 'kernelArguments: [intel_iommu=on, vfio-pci.ids=8086:5845]'),
        ),
        files: INVENTORY,
      },
    ],
  },
  *check({ fleet, analysis }) {
    for (const pool of configPools(fleet)) {
      const list = vfioIdSources(pool).at(-1);
      if (list?.from.startsWith('/') !== true) continue;
      const late = pool.nodes
        .flatMap(({ name }) => analysis.nodeByName.get(name)?.functions ?? [])
        .filter(
          ({ fact }) =>
            fact.id !== undefined &&
            list.ids.includes(fact.id) &&
            fact.class !== undefined &&
            EARLY.has(classCode(fact.class)) &&
            fact.driver !== 'vfio-pci',
        );
      const [first] = late;
      if (first === undefined) continue;
      yield {
        message: fitting(
          `the ids in ${list.from} come too late for ${functionInWords(first)}`,
          'the ids in a file of modprobe.d come too late for a device',
        ),
        primary: { at: list.place, text: 'read after the initramfs' },
        secondary: inventoryLabels(late, ({ fact }) => `on driver ${fact.driver ?? 'of the host'}`, 1),
        notes: late.length > 1 ? [`the same holds for ${counted(late.length - 1, 'more function')}`] : [],
        help: ['put the ids on the kernel command line, or bind these devices by address'],
      };
    }
  },
});
