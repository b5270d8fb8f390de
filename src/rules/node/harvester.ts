import type { Fleet } from '../../model';
import { placeAt, type Place } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';

const HARVESTER = 'https://github.com/harvester/pcidevices/blob/v0.5.0/pkg/controller/pcideviceclaim';

export const harvester = defineRule({
  code: 'NOD484',
  slug: 'node/harvester',
  severity: 'error',
  suppressible: false,
  needs: [],
  summary: 'the cluster is a Harvester cluster, which binds devices by itself',
  why: `
Harvester's pcidevices controller owns the binding of devices and the configuration of KubeVirt. When it starts it takes every device on vfio-pci that no
PCIDeviceClaim with an owner stands for, and gives it back to the host: what kernel arguments, files, or a program on the node have bound is undone. It also
writes \`permittedHostDevices\` of the KubeVirt object, all of it, so that a patch is overwritten. A claim cannot come from Git either: its owner is named by a
UID that only the cluster knows, and one claim without an owner makes all others look orphaned.

What to do instead: turn the addon \`pcidevices-controller\` on, enable passthrough for the device in Harvester's own interface, and list it in the VM
there; Harvester turns the IOMMU on by itself. Nothing of hostdev is needed, and nothing of it may be applied.`,
  sources: [
    { claim: 'devices on vfio-pci without a claim are unbound', url: `${HARVESTER}/pcideviceclaim_controller.go` },
  ],
  examples: {
    bad: [
      {
        name: 'the KubeVirt object of Harvester',
        yaml: exampleFleet(`
cluster: { nodePlatform: linux, kubevirt: { version: "1.6", namespace: «harvester-system» } }
`),
      },
    ],
    good: [
      {
        name: 'a KubeVirt of its own',
        yaml: exampleFleet(`
cluster: { nodePlatform: linux, kubevirt: { version: "1.6" } }
`),
      },
    ],
  },
  *check({ fleet }) {
    const shown = shownBy(fleet);
    if (shown === undefined) return;
    yield {
      message: 'the cluster is a Harvester cluster, which undoes what is prepared here',
      primary: { at: shown, text: 'only Harvester has it' },
      notes: [
        'its controller unbinds devices that no claim of its own stands for, and writes the KubeVirt object whole',
      ],
      help: ['hand devices over in Harvester itself: read `hostdev explain node/harvester`'],
    };
  },
});

function shownBy({ cluster }: Fleet): Place | undefined {
  if (cluster.kubevirt.namespace === 'harvester-system') return placeAt(cluster.kubevirt.place, 'namespace');
  return cluster.current?.find(({ apiVersion }) => apiVersion.startsWith('devices.harvesterhci.io/'))?.place;
}
