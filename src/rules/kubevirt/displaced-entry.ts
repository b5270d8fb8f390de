import { liveKubeVirt, type Analysis } from '../../analysis';
import { normalisedMdevName } from '../../kubevirt';
import { isJsonObject, jsonAt, type JsonValue } from '../../model';
import { placeAt, type Place } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting, fittingLabel } from '../words';

const FLEET = exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
`);

function livePermitting(entry: string): Record<string, string> {
  return {
    'cluster/kubevirt.yaml': `
apiVersion: kubevirt.io/v1
kind: KubeVirt
metadata: { name: kubevirt, namespace: kubevirt }
spec:
  configuration:
    permittedHostDevices:
      pciHostDevices:
        - ${entry}
`,
  };
}

export const displacedEntry = defineRule({
  code: 'KUB505',
  slug: 'kubevirt/displaced-entry',
  severity: 'warning',
  needs: [],
  summary: 'the live KubeVirt object permits a device of the fleet under another name',
  why: `
The live list has an entry for the same id or type with another resource name. Two entries for one selector do not work, so the fleet's entry
takes its place: the other resource vanishes from the nodes, and VMs that ask for it by its old name are refused.`,
  sources: [
    {
      claim: 'a selector has one resource name, the last',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/device_controller.go#L256-L267`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'an older name',
        yaml: FLEET,
        files: livePermitting('{ pciVendorSelector: «10DE:1EB8», resourceName: nvidia.com/t4 }'),
      },
    ],
    good: [
      {
        name: 'the same name',
        yaml: FLEET,
        files: livePermitting('{ pciVendorSelector: 10DE:1EB8, resourceName: example.com/t4 }'),
      },
    ],
  },
  *check({ fleet, analysis }) {
    const live = liveKubeVirt(fleet);
    if (live === undefined) return;
    const ours = ownSelectors(analysis);
    const names = new Set(analysis.resources.flatMap(({ name }) => name ?? []));
    const base = ['spec', 'configuration', 'permittedHostDevices'];
    for (const [list, field] of [
      ['pciHostDevices', 'pciVendorSelector'],
      ['mediatedDevices', 'mdevNameSelector'],
    ] as const) {
      const entries = jsonAt(live.content, ...base, list);
      for (const [i, entry] of (Array.isArray(entries) ? (entries as readonly JsonValue[]) : []).entries()) {
        if (!isJsonObject(entry)) continue;
        const selector = entry[field];
        const resourceName = entry['resourceName'];
        if (typeof selector !== 'string' || typeof resourceName !== 'string' || names.has(resourceName)) continue;
        const own = ours.get(field === 'pciVendorSelector' ? selector.toLowerCase() : normalisedMdevName(selector));
        if (own === undefined) continue;
        yield {
          message: fitting(
            `the live entry \`${resourceName}\` for ${selector} gives way to \`${own.name}\``,
            `the live entry \`${resourceName}\` gives way to the fleet's`,
            'a live entry gives way to one of the fleet',
          ),
          primary: {
            at: placeAt(live.place, ...base, list, i, field),
            text: fittingLabel(`permitted as \`${resourceName}\` now`, 'permitted under another name now'),
          },
          secondary: [{ at: own.place, text: fittingLabel(`permitted as \`${own.name}\``, 'permitted here') }],
          notes: ['virt-handler has one resource name for each selector'],
          help: ['use the live name as `resourceName`, or change the VMs that ask for it first'],
        };
      }
    }
  },
});

function ownSelectors(analysis: Analysis): Map<string, { readonly name: string; readonly place: Place }> {
  const own = new Map<string, { readonly name: string; readonly place: Place }>();
  for (const { device, name } of analysis.resources) {
    if (name === undefined) continue;
    if (device.kind === 'pci') for (const { id, place } of device.selectors) if (id) own.set(id, { name, place });
    if (device.kind === 'mdev') {
      own.set(normalisedMdevName(device.typeName), { name, place: device.typeNamePlace });
    }
  }
  return own;
}
