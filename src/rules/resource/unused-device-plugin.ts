import { keyPlace } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

const FLEET = (entry: string, plugin: string): string =>
  exampleFleet(`
devices:
  npu: { pci: ["1ae0:0056"], resourceName: acme.example.com/npu, ${plugin} }
devicePlugins:
  ${entry}: { image: "registry.example.com/acme/kubevirt-device-plugin:2.3.1" }
nodePools:
  npus: { nodes: [node01], cpuVendor: amd, iommu: { amdArgument: omit }, passthrough: [{ device: npu, addresses: ["0000:c1:00.0"] }] }
`);

export const unusedDevicePlugin = defineRule({
  code: 'RES703',
  slug: 'resource/unused-device-plugin',
  severity: 'warning',
  needs: [],
  absentFrom: ['devices'],
  summary: 'a device plugin is declared that no device names',
  why: `
A plugin runs where a device is that names it in \`devicePlugin\`. One that no device names is not deployed at all, and KubeVirt's own plugin serves the devices that it was
meant for.`,
  sources: [
    {
      claim: "KubeVirt's plugin serves what is not left to an external provider",
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/device_controller.go`,
    },
  ],
  examples: {
    bad: [{ name: 'the device does not name it', yaml: FLEET('«acme»', 'devicePlugin: kubevirt') }],
    good: [{ name: 'the device names it', yaml: FLEET('acme', 'devicePlugin: acme') }],
  },
  *check({ fleet }) {
    const named = new Set(
      fleet.devices.flatMap(({ devicePlugin }) => (devicePlugin.kind === 'named' ? [devicePlugin.name] : [])),
    );
    const known = new Set([...fleet.imagePlugins, ...fleet.vendorPlugins].map(({ name }) => name));
    // a name that nobody declares may mean this one, and is a finding of its own
    if ([...named].some((name) => !known.has(name))) return;
    for (const { name, place } of [...fleet.imagePlugins, ...fleet.vendorPlugins]) {
      if (named.has(name)) continue;
      yield {
        message: fitting(`no device names device plugin ${name}`, 'no device names a device plugin'),
        primary: { at: keyPlace(place), text: 'declared and not deployed' },
        help: ['set `devicePlugin` on the devices that it serves, or remove it'],
      };
    }
  },
});
