import { keyPlace } from '../../source';
import { exampleFleet } from '../example';
import { nearestName } from '../../kubevirt';
import { unknownReferences } from '../provision';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

export const unusedDevice = defineRule({
  code: 'RES610',
  slug: 'resource/unused-device',
  severity: 'info',
  needs: [],
  absentFrom: ['devices', 'nodePools', 'virtualMachines'],
  summary: 'a device is permitted that no pool provides and no VM asks for',
  why: `
The entry is written into the list of permitted devices, and nothing in the fleet has to do with it. KubeVirt's own plugin will still offer
every such function that it finds on vfio-pci, on any node. It may be left over, or other VMs may use it.`,
  sources: [
    {
      claim: 'a permitted selector holds on every node',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/pci_device.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'declared and forgotten',
        yaml: exampleFleet(`
devices:
  «t4»: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
`),
      },
    ],
    good: [
      {
        name: 'provided by a pool',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: t4 }] }
`),
      },
    ],
  },
  *check({ analysis }) {
    const misspelt = new Set(
      unknownReferences(analysis).map((name) => nearestName(name, analysis.deviceByName.keys())),
    );
    const asked = new Set(
      analysis.machineShapes.flatMap(({ machines: [one] }) => (one?.requests ?? []).map(({ resource }) => resource)),
    );
    for (const resource of analysis.resources) {
      const { device, pools } = resource;
      // one that a misspelt name means is used, and the name is a finding of its own
      if (pools.length > 0 || asked.has(resource) || misspelt.has(device.name)) continue;
      yield {
        message: fitting(
          `no pool provides device ${device.name} and no VM asks for it`,
          'no pool provides a device and no VM asks for it',
        ),
        primary: { at: keyPlace(device.place), text: 'permitted and not used' },
        help: ['remove it, or add it to the pool whose nodes hold it'],
      };
    }
  },
});
