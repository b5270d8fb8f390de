import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

export const uncheckedProvider = defineRule({
  code: 'RES608',
  slug: 'resource/unchecked-provider',
  severity: 'info',
  needs: [],
  summary: 'a device is served by a plugin that the fleet does not deploy',
  why: `
\`externalResourceProvider: true\` means "only permit": KubeVirt starts no plugin for the resource. The plugin that does serve it is somebody
else's, so hostdev cannot see whether it runs on these nodes, whether it uses this resource name, and whether it passes the
addresses to virt-launcher in the variable that KubeVirt reads.`,
  sources: [
    {
      claim: 'what an external provider has to do',
      url: `${KUBEVIRT}/docs/devel/host-devices-and-device-plugins.md`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'somebody else’s plugin',
        yaml: exampleFleet(`
devices:
  fpga: { pci: ["10ee:5000"], resourceName: example.com/fpga, externalResourceProvider: «true» }
`),
      },
    ],
    good: [
      {
        name: "KubeVirt's own plugin",
        yaml: exampleFleet(`
devices:
  fpga: { pci: ["10ee:5000"], resourceName: example.com/fpga }
`),
      },
    ],
  },
  *check({ analysis }) {
    for (const { device } of analysis.resources) {
      if (device.devicePlugin.kind !== 'none' || !device.externalResourceProvider) continue;
      yield {
        message: fitting(
          `the device plugin that serves ${device.name} is not part of the fleet`,
          'the device plugin that serves a device is not part of the fleet',
        ),
        primary: { at: placeAt(device.place, 'externalResourceProvider'), text: 'its provider is not checked' },
        notes: ['KubeVirt only permits the name and starts no plugin for it'],
      };
    }
  },
});
