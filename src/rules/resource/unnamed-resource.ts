import { keyPlace } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT, NVIDIA_PLUGIN } from '../sources';
import { fitting } from '../words';

export const unnamedResource = defineRule({
  code: 'RES607',
  slug: 'resource/unnamed-resource',
  severity: 'error',
  needs: [],
  summary: 'a device has no resource name, and none can be derived',
  why: `
A permitted device needs a resource name, and a VM asks for it by that. Only NVIDIA's plugin makes names by itself; hostdev derives the same
name from what the inventory says the device is called. Without an inventory that shows the device with its name, or with
functions of several names, there is nothing to derive it from.`,
  sources: [
    { claim: 'resourceName is required', url: `${KUBEVIRT}/staging/src/kubevirt.io/api/core/v1/types.go` },
    { claim: 'how NVIDIA’s plugin names resources', url: `${NVIDIA_PLUGIN}/pkg/device_plugin/device_plugin.go` },
  ],
  examples: {
    bad: [
      {
        name: 'left out, served by KubeVirt',
        yaml: exampleFleet(`
devices:
  «t4»: { pci: ["10de:1eb8"] }
`),
      },
      {
        name: "left out, served by NVIDIA's plugin, no inventory",
        yaml: exampleFleet(`
devices:
  «t4»: { pci: ["10de:1eb8"], devicePlugin: nvidia }
`),
      },
    ],
    good: [
      {
        name: 'named',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
`),
      },
    ],
  },
  *check({ analysis }) {
    for (const { device, name, server } of analysis.resources) {
      if (name !== undefined || server === 'dra') continue;
      yield {
        message: fitting(`device ${device.name} has no resource name`, 'a device has no resource name'),
        primary: { at: keyPlace(device.place), text: 'needs `resourceName`' },
        notes:
          server === 'nvidia'
            ? [
                "hostdev derives the name that NVIDIA's plugin gives from the inventory, which does not show one such name",
              ]
            : ['KubeVirt permits devices under the name that the fleet gives them'],
        help: [
          server === 'nvidia'
            ? 'import the inventory with names (`lspci -Dnnvv`), or add `resourceName`'
            : 'add `resourceName`',
        ],
      };
    }
  },
});
