import { placeAt } from '../../source';
import { claimedExample } from '../claimed';
import { defineRule } from '../rule';
import { fitting } from '../words';

export const boundClaimedDevice = defineRule({
  code: 'PCI192',
  slug: 'pci/bound-claimed-device',
  severity: 'error',
  needs: [],
  concerns: ({ fleet }) => fleet.devices.some((device) => device.kind === 'pci' && device.dra !== undefined),
  summary: 'a device is to be bound at boot that a driver of resource claims binds itself',
  why: `
A driver of dynamic resource allocation finds its GPUs through the vendor's driver, and binds one to vfio-pci when a VM claims it. What vfio-pci has at boot it does not
see. So hostdev prepares the IOMMU, the modules and the companions of such a device, and leaves the device itself alone; \`binding\` has nothing to say.`,
  sources: [
    {
      claim: 'devices are bound when a claim is prepared',
      url: 'https://github.com/NVIDIA/k8s-dra-driver-gpu/blob/077fe3602d71073ea9d8f1060757d496b491b09a/cmd/gpu-kubelet-plugin/vfio-device.go',
    },
  ],
  examples: {
    bad: [{ name: 'by address', yaml: claimedExample({ passthrough: '{ device: h100, binding: «address» }' }) }],
    good: [
      { name: 'left out', yaml: claimedExample({}) },
      { name: 'external, which it is', yaml: claimedExample({ passthrough: '{ device: h100, binding: external }' }) },
    ],
  },
  *check({ fleet, analysis }) {
    for (const pool of fleet.nodePools) {
      for (const { device: name, binding, place } of pool.passthrough) {
        const device = analysis.deviceByName.get(name);
        if (device?.kind !== 'pci' || device.dra === undefined || (binding !== 'id' && binding !== 'address')) continue;
        yield {
          message: fitting(
            `${name} is to be bound in pool ${pool.name}, and driver ${device.dra.driver} binds it itself`,
            'a device is to be bound that a driver of resource claims binds itself',
          ),
          primary: { at: placeAt(place, 'binding'), text: 'would take it from the driver' },
          secondary: [{ at: device.dra.place, text: 'allocated to claims' }],
          notes: ['the driver does not see a device that is on vfio-pci at boot'],
          help: ['remove `binding`'],
        };
      }
    }
  },
});
