import type { DevicePluginChoice } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

export const conflictingProvider = defineRule({
  code: 'RES609',
  slug: 'resource/conflicting-provider',
  severity: 'error',
  needs: [],
  summary: '`devicePlugin` and `externalResourceProvider` of a device contradict each other',
  why: `
KubeVirt starts a plugin of its own for every entry without \`externalResourceProvider: true\`. With another plugin for the same device both
offer it, and kubelet hands it out twice. The other way round, an entry that is external and served by nobody leaves VMs
Pending for ever.`,
  sources: [
    {
      claim: 'external entries get no plugin',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/device_controller.go#L256-L267`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'two plugins',
        yaml: exampleFleet(`
devices:
  t4:
    pci: ["10de:1eb8"]
    resourceName: nvidia.com/TU104GL_TESLA_T4
    devicePlugin: nvidia
    externalResourceProvider: «false»
`),
      },
      {
        name: 'none',
        yaml: exampleFleet(`
devices:
  qat:
    pci: ["8086:6f54"]
    resourceName: intel.com/qat
    devicePlugin: kubevirt
    externalResourceProvider: «true»
`),
      },
    ],
    good: [
      {
        name: 'one says it all',
        yaml: exampleFleet(`
devices:
  qat: { pci: ["8086:6f54"], resourceName: intel.com/qat, devicePlugin: kubevirt }
  t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/TU104GL_TESLA_T4, devicePlugin: nvidia }
`),
      },
    ],
  },
  *check({ fleet }) {
    for (const device of fleet.devices) {
      const isExternal = device.devicePlugin.kind !== 'kubevirt';
      if (device.externalResourceProvider === isExternal) continue;
      const at = placeAt(device.place, 'externalResourceProvider');
      const plugin = pluginInWords(device.devicePlugin);
      yield {
        message: fitting(
          isExternal
            ? `device ${device.name} is served by ${plugin} and by KubeVirt's own plugin`
            : `device ${device.name} is served by no device plugin`,
          isExternal ? 'a device is served by 2 plugins' : 'a device is served by no device plugin',
        ),
        primary: { at, text: isExternal ? "KubeVirt's own plugin serves it too" : 'KubeVirt starts no plugin for it' },
        secondary: [{ at: placeAt(device.place, 'devicePlugin'), text: `to be served by ${plugin}` }],
        fixes: [
          {
            title: 'say what `devicePlugin` says',
            safe: false,
            edits: [{ at, text: String(isExternal) }],
          },
        ],
      };
    }
  },
});

function pluginInWords(choice: DevicePluginChoice): string {
  switch (choice.kind) {
    case 'kubevirt':
      return 'KubeVirt';
    case 'nvidia':
      return "NVIDIA's plugin";
    case 'none':
      return "somebody else's plugin";
    case 'named':
      return `plugin ${choice.name}`;
  }
}
