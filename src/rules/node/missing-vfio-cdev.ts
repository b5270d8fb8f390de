import type { AnalysedNode, Analysis } from '../../analysis';
import { groupBy, jsonAt, type Passthrough } from '../../model';
import { exampleFleet, exampleInventory } from '../example';
import { entryPlace } from '../functions';
import { defineRule } from '../rule';
import { fitting, fittingLabel, nodesInWords } from '../words';

const fleetWith = (version: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: ${version} }, current: cluster/ }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: «t4» }] }
`);

const FILES = {
  'cluster/node01.yaml': `
apiVersion: v1
kind: Node
metadata: { name: node01 }
status: { nodeInfo: { kernelVersion: 6.12.38+deb13-amd64 } }
`,
};

export const missingVfioCdev = defineRule({
  code: 'NOD439',
  slug: 'node/missing-vfio-cdev',
  severity: 'warning',
  needs: [],
  concerns: ({ analysis }) => isExactly190(analysis),
  lacksPartly: ({ analysis }) => unknownKernels(analysis),
  summary: 'the kernel of a node has no VFIO device nodes, which KubeVirt 1.9.0 mounts',
  why: `
KubeVirt 1.9.0 mounts \`/dev/vfio/devices/vfioN\` into every VM with a PCI device, with or without the gate for it. A kernel built without
\`CONFIG_VFIO_DEVICE_CDEV\` has no such file, and the VM's pod stays in CreateContainerError. Debian 13 builds its kernel
so, and kernels before 6.6 do not know the option. KubeVirt has repaired it after 1.9.0.`,
  sources: [
    {
      claim: 'passthrough fails on kernels without the device nodes',
      url: 'https://github.com/kubevirt/kubevirt/issues/18895',
    },
    { claim: 'repaired after 1.9.0', url: 'https://github.com/kubevirt/kubevirt/pull/18905' },
    {
      claim: 'the option, which 6.5 does not have',
      url: 'https://github.com/torvalds/linux/blob/v6.6/drivers/vfio/Kconfig',
    },
  ],
  examples: {
    bad: [{ name: 'Debian 13', yaml: fleetWith('"1.9.0"'), files: FILES }],
    good: [
      { name: 'a release before', yaml: fleetWith('"1.8.4"').replace(/[«»]/g, ''), files: FILES },
      {
        name: 'a kernel that has them',
        yaml: fleetWith('"1.9.0"').replace(/[«»]/g, '').replace('devices:', 'inventory: inventory/\n  devices:'),
        files: {
          ...FILES,
          'inventory/node01.yaml': exampleInventory('node01', [
            'address: "0000:65:00.0", class: "0302", id: "10de:1eb8", driver: vfio-pci, iommuGroup: 27',
          ]).replace('  cpuVendor: intel', '  cpuVendor: intel\n  vfioDeviceCdev: true'),
        },
      },
    ],
  },
  *check({ analysis }) {
    const found = analysis.nodes.flatMap((node) => {
      const entry = servedEntry(analysis, node);
      return entry !== undefined && hasCdev(node) === false ? [{ node, entry }] : [];
    });
    for (const [entry, cases] of groupBy(found, (one) => one.entry)) {
      const nodes = nodesInWords(cases.map(({ node }) => node.name));
      const release = cases[0] === undefined ? undefined : kernelOf(cases[0].node);
      yield {
        message: fitting(
          `KubeVirt 1.9.0 cannot start VMs with ${entry.device} on the kernel of ${nodes}`,
          `KubeVirt 1.9.0 cannot start VMs with PCI devices on the kernel of ${nodes}`,
          'KubeVirt 1.9.0 cannot start VMs with PCI devices on the kernel of these nodes',
        ),
        primary: {
          at: entryPlace(entry),
          text: fittingLabel(
            release === undefined ? 'no `/dev/vfio/devices` there' : `no \`/dev/vfio/devices\` in ${release}`,
            'no `/dev/vfio/devices` there',
          ),
        },
        notes: ['the container runtime refuses a container whose device does not exist'],
        help: ['use another release of KubeVirt, or a kernel with `CONFIG_VFIO_DEVICE_CDEV`'],
      };
    }
  },
});

function isExactly190({ fleet, current }: Analysis): boolean {
  const { version } = fleet.cluster.kubevirt;
  const live = jsonAt(current?.kubevirt?.content, 'status', 'observedKubeVirtVersion');
  return version === '1.9.0' || (version === '1.9' && live === 'v1.9.0');
}

function servedEntry({ resourceByDevice }: Analysis, { pools }: AnalysedNode): Passthrough | undefined {
  return pools
    .flatMap(({ passthrough }) => passthrough)
    .find(({ device }) => resourceByDevice.get(device)?.server === 'kubevirt');
}

function kernelOf({ inventory, live }: AnalysedNode): string | undefined {
  return inventory?.kernelRelease ?? live?.kernelRelease;
}

/** Whether the kernel has the device nodes; undefined: its release does not say. */
function hasCdev(node: AnalysedNode): boolean | undefined {
  if (node.inventory?.vfioDeviceCdev !== undefined) return node.inventory.vfioDeviceCdev;
  const release = kernelOf(node);
  if (release === undefined) return undefined;
  if (/\+deb13\b/.test(release)) return false;
  // from 6.1 on sysfs shows what KubeVirt looks for, from 6.6 on there can be a file; builds of distributions before differ
  return /^6\.[1-5]\.\d/.test(release) ? false : undefined;
}

function unknownKernels(analysis: Analysis): string[] {
  const blind = analysis.nodes.filter(
    (node) =>
      servedEntry(analysis, node) !== undefined &&
      node.inventory?.vfioDeviceCdev === undefined &&
      kernelOf(node) === undefined,
  );
  return blind.length === 0 ? [] : [`no kernel release of ${nodesInWords(blind.map(({ name }) => name))}`];
}
