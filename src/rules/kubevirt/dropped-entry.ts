import { liveConfiguration, liveNodeTypes, selectorKey, type Analysis } from '../../analysis';
import { jsonAt, type JsonValue } from '../../model';
import { placeAt, type Place } from '../../source';
import { exampleFleet } from '../example';
import { defineRule, type FleetFinding } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting, fittingLabel } from '../words';

const FLEET = exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
devices:
  l40: { pci: ["10de:26b5"], resourceName: example.com/l40 }
`);

const livePermitting = (entries: string): Record<string, string> => ({
  'cluster/kubevirt.yaml': `
apiVersion: kubevirt.io/v1
kind: KubeVirt
metadata: { name: kubevirt, namespace: kubevirt }
spec:
  configuration:
    permittedHostDevices:
      pciHostDevices:
${entries.replace(/^/gm, '        ')}
`,
});

export const droppedEntry = defineRule({
  code: 'KUB540',
  slug: 'kubevirt/dropped-entry',
  severity: 'warning',
  needs: [],
  summary: 'an entry of the live object is not in the list that takes its place',
  why: `
The fleet writes these lists whole. It keeps what is about other devices and other nodes, and takes the place of what is about its own: a resource name that
a device of the fleet has, a node selector of one of its pools. Where the live entry says more than the fleet does, an id that no device lists or a
type that no pool makes, that is gone after the first sync, and so are the devices behind it.`,
  sources: [
    {
      claim: 'the lists are atomic',
      url: `${KUBEVIRT}/staging/src/kubevirt.io/api/core/v1/types.go`,
    },
    {
      claim: 'several selectors may have one resource name',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/pci_device.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'a second id under the same name',
        yaml: FLEET,
        files: livePermitting(`- { pciVendorSelector: 10de:26b5, resourceName: example.com/l40 }
- { pciVendorSelector: «10de:26b9», resourceName: example.com/l40 }`),
      },
      {
        name: 'a type of mediated device that is made on the same nodes',
        yaml: exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
devices:
  t4-1q: { mdev: { name: GRID T4-1Q, typeId: nvidia-222 }, resourceName: nvidia.com/GRID_T4-1Q }
nodePools:
  gpu:
    nodes: [node01]
    nodeSelector: { vgpu: "yes" }
    cpuVendor: intel
    mediatedDevices: [{ device: t4-1q, createdBy: kubevirt }]
`),
        files: {
          'cluster/kubevirt.yaml': `
apiVersion: kubevirt.io/v1
kind: KubeVirt
metadata: { name: kubevirt, namespace: kubevirt }
spec:
  configuration:
    mediatedDevicesConfiguration:
      nodeMediatedDeviceTypes:
        - { nodeSelector: { vgpu: "yes" }, mediatedDeviceTypes: [nvidia-222, «nvidia-223»] }
`,
        },
      },
    ],
    good: [
      {
        name: 'what is there of others is kept',
        yaml: FLEET,
        files: livePermitting(`- { pciVendorSelector: 10de:26b5, resourceName: example.com/l40 }
- { pciVendorSelector: 10de:26b9, resourceName: example.com/l40s }`),
      },
    ],
  },
  *check({ fleet, analysis }) {
    const live = liveConfiguration(fleet);
    if (live === undefined) return;
    yield* droppedSelectors(analysis, live.layout.pciSelector);
    yield* droppedTypes(analysis);
  },
});

function* droppedSelectors(analysis: Analysis, pciSelector: string): Iterable<FleetFinding> {
  for (const { list, entry, isDisabled, place } of analysis.droppedEntries) {
    const own = analysis.resources.find(({ name }) => name !== undefined && name === entry['resourceName']);
    const kept = analysis.permitted.get(list) ?? [];
    // an entry with another name for a selector of ours is kubevirt/displaced-entry
    if (own === undefined || isDisabled) continue;
    if (kept.some((one) => selectorKey(list, one.entry) === selectorKey(list, entry))) continue;
    const selector = entry[list === 'pciHostDevices' ? 'pciVendorSelector' : 'mdevNameSelector'];
    const said = list === 'usb' ? 'its selectors' : typeof selector === 'string' ? selector : 'no selector';
    const field = list === 'pciHostDevices' ? pciSelector : list === 'usb' ? 'selectors' : 'mdevNameSelector';
    yield {
      message: fitting(
        `the live entry of \`${own.name ?? ''}\` for ${said} is dropped`,
        `a live entry of \`${own.name ?? ''}\` is dropped`,
        'a live entry of a resource of the fleet is dropped',
      ),
      primary: { at: placeAt(place, field), text: 'no longer permitted' },
      secondary: [{ at: own.device.place, text: fittingLabel(`device ${own.device.name}`, 'the device') }],
      help: [
        list === 'pciHostDevices'
          ? 'list the id under `pci` of the device, or give the live entry a resource name of its own'
          : 'declare a device for it, or give the live entry a resource name of its own',
      ],
    };
  }
}

function* droppedTypes(analysis: Analysis): Iterable<FleetFinding> {
  const { fleet, deviceByName } = analysis;
  const live = liveConfiguration(fleet);
  for (const pool of fleet.nodePools) {
    const uses = pool.mediatedDevices.filter(({ createdBy }) => createdBy === 'kubevirt');
    if (uses.length === 0 || pool.nodeSelector === undefined) continue;
    const made = new Set(
      uses.flatMap(({ device }) => {
        const found = deviceByName.get(device);
        return found?.kind === 'mdev' ? [found.typeId ?? '', found.typeName.replaceAll(' ', '_')] : [];
      }),
    );
    const wanted = labelsKey({ ...pool.nodeSelector });
    for (const { entry, place } of liveNodeTypes(live)) {
      if (labelsKey(entry['nodeSelector']) !== wanted) continue;
      for (const { type, at } of typesOf(entry['mediatedDeviceTypes'], placeAt(place, 'mediatedDeviceTypes'))) {
        if (made.has(type)) continue;
        yield {
          message: fitting(
            `type ${type} is no longer made on the nodes of pool ${pool.name}`,
            `a type is no longer made on the nodes of pool ${pool.name}`,
          ),
          primary: { at, text: 'the pool makes other types' },
          secondary: uses[0] === undefined ? [] : [{ at: uses[0].place, text: 'takes the place of the live entry' }],
          notes: ['virt-handler removes mediated devices of a type that is not listed'],
          help: ['declare a device of this type, and list it under `mediatedDevices` of the pool'],
        };
      }
    }
  }
}

function typesOf(types: JsonValue | undefined, place: Place): { readonly type: string; readonly at: Place }[] {
  return (Array.isArray(types) ? (types as readonly JsonValue[]) : []).flatMap((type, i) =>
    typeof type === 'string' ? [{ type, at: placeAt(place, i) }] : [],
  );
}

function labelsKey(selector: JsonValue | undefined): string {
  const labels = Object.entries((selector ?? {}) as Record<string, JsonValue>);
  return JSON.stringify(labels.map(([name]) => [name, jsonAt(selector, name)]).sort());
}
