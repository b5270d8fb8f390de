import { groupBy } from '../../model';
import { nearestName } from '../../kubevirt';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { counted, fitting, listed } from '../words';

/** Plugins that a device can name without an entry in `devicePlugins`. */
const KNOWN_PLUGINS = ['kubevirt', 'nvidia', 'none'];

const FLEET = (name: string): string =>
  exampleFleet(`
devices:
  npu: { pci: ["1ae0:0056"], resourceName: acme.example.com/npu, devicePlugin: ${name} }
devicePlugins:
  acme: { image: "registry.example.com/acme/kubevirt-device-plugin:2.3.1" }
nodePools:
  npus: { nodes: [node01], cpuVendor: amd, iommu: { amdArgument: omit }, passthrough: [{ device: npu, addresses: ["0000:c1:00.0"] }] }
`);

export const unknownDevicePlugin = defineRule({
  code: 'RES701',
  slug: 'resource/unknown-device-plugin',
  severity: 'error',
  needs: [],
  summary: 'a device names a device plugin that the fleet does not have',
  why: `
KubeVirt only permits a resource that another plugin serves. A name that stands for no plugin means that nothing is deployed, no node advertises the resource, and
VMs that ask for it stay Pending.`,
  sources: [
    {
      claim: 'a resource of an external provider is only permitted',
      url: `${KUBEVIRT}/docs/devel/host-devices-and-device-plugins.md`,
    },
  ],
  examples: {
    bad: [{ name: 'a slip of the finger', yaml: FLEET('«acmee»') }],
    good: [{ name: 'the plugin of the fleet', yaml: FLEET('acme') }],
  },
  *check({ fleet }) {
    const deployed = [...fleet.imagePlugins, ...fleet.vendorPlugins].map(({ name }) => name);
    const known = new Set([...KNOWN_PLUGINS, ...deployed]);
    const unknown = fleet.devices.flatMap((device) =>
      device.devicePlugin.kind === 'named' && !known.has(device.devicePlugin.name)
        ? [{ device, plugin: device.devicePlugin.name }]
        : [],
    );
    for (const [plugin, uses] of groupBy(unknown, (use) => use.plugin)) {
      const [first, ...others] = uses;
      if (first === undefined) continue;
      const nearest = nearestName(plugin, known);
      const placeOf = ({ device }: (typeof uses)[number]): ReturnType<typeof placeAt> =>
        placeAt(device.place, 'devicePlugin');
      yield {
        message: fitting(
          `device ${first.device.name} is served by device plugin ${plugin}, which is not declared`,
          `device plugin ${plugin} is not declared`,
          'a device is served by a device plugin that is not declared',
        ),
        primary: { at: placeOf(first), text: 'no device plugin has this name' },
        notes:
          others.length === 0
            ? []
            : [
                `the same holds for ${counted(others.length, 'more device')} (${listed(others.map(({ device }) => device.name))})`,
              ],
        help:
          nearest === undefined ? ['declare it under `devicePlugins`, or set `none`: somebody else deploys it'] : [],
        fixes:
          nearest === undefined
            ? []
            : [
                {
                  title: 'use the declared name',
                  safe: false,
                  edits: uses.map((use) => ({ at: placeOf(use), text: nearest })),
                },
              ],
      };
    }
  },
});
