import { liveConfiguration, type Analysis } from '../../analysis';
import { normalisedMdevName } from '../../kubevirt';
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
      {
        name: 'in HyperConverged, whose lists are merged by the spelling of the selector',
        yaml: FLEET.replace('version: "1.6"', 'version: "1.9", managedBy: hyperconverged'),
        files: {
          'cluster/hyperconverged.yaml': `
apiVersion: hco.kubevirt.io/v1
kind: HyperConverged
metadata: { name: kubevirt-hyperconverged, namespace: openshift-cnv }
spec:
  virtualization:
    permittedHostDevices:
      pciHostDevices:
        - { pciDeviceSelector: «10DE:1EB8», resourceName: nvidia.com/t4 }
`,
        },
      },
    ],
    good: [
      {
        name: 'turned off in HyperConverged, so nothing asks for the old name',
        yaml: FLEET.replace('version: "1.6"', 'version: "1.9", managedBy: hyperconverged'),
        files: {
          'cluster/hyperconverged.yaml': `
apiVersion: hco.kubevirt.io/v1
kind: HyperConverged
metadata: { name: kubevirt-hyperconverged, namespace: openshift-cnv }
spec:
  virtualization:
    permittedHostDevices:
      pciHostDevices:
        - { pciDeviceSelector: 10de:1eb9, resourceName: nvidia.com/t4, disabled: true }
`,
        },
      },
      {
        name: 'the same name',
        yaml: FLEET,
        files: livePermitting('{ pciVendorSelector: 10DE:1EB8, resourceName: example.com/t4 }'),
      },
    ],
  },
  *check({ fleet, analysis }) {
    const live = liveConfiguration(fleet);
    if (live === undefined) return;
    const { kind, pciSelector, mergesPermitted } = live.layout;
    const ours = ownSelectors(analysis);
    const names = new Set(analysis.resources.flatMap(({ name }) => name ?? []));
    for (const { list, entry, isDisabled, place } of analysis.droppedEntries) {
      if (list === 'usb' || isDisabled) continue;
      const selector = entry[list === 'pciHostDevices' ? 'pciVendorSelector' : 'mdevNameSelector'];
      const resourceName = entry['resourceName'];
      if (typeof selector !== 'string' || typeof resourceName !== 'string' || names.has(resourceName)) continue;
      const own = ours.get(list === 'pciHostDevices' ? selector.toLowerCase() : normalisedMdevName(selector));
      if (own === undefined) continue;
      // entries that differ in case or in blanks only are two to the API server, and one to virt-handler
      const stays = mergesPermitted && own.text !== selector;
      yield {
        message: fitting(
          stays
            ? `the live entry \`${resourceName}\` for ${selector} stays beside \`${own.name}\``
            : `the live entry \`${resourceName}\` for ${selector} gives way to \`${own.name}\``,
          `the live entry \`${resourceName}\` gives way to the fleet's`,
          'a live entry gives way to one of the fleet',
        ),
        primary: {
          at: placeAt(place, list === 'pciHostDevices' ? pciSelector : 'mdevNameSelector'),
          text: fittingLabel(`permitted as \`${resourceName}\` now`, 'permitted under another name now'),
        },
        secondary: [{ at: own.place, text: fittingLabel(`permitted as \`${own.name}\``, 'permitted here') }],
        notes: ['virt-handler has one resource name for each selector'],
        help: [
          stays
            ? `remove the live entry from the ${kind} object: server-side apply leaves it there`
            : 'use the live name as `resourceName`, or change the VMs that ask for it first',
        ],
      };
    }
  },
});

interface OwnSelector {
  readonly name: string;
  /** As typed. */
  readonly text: string;
  readonly place: Place;
}

function ownSelectors(analysis: Analysis): Map<string, OwnSelector> {
  const own = new Map<string, OwnSelector>();
  for (const { device, name } of analysis.resources) {
    if (name === undefined) continue;
    if (device.kind === 'pci') {
      for (const { id, text, place } of device.selectors) if (id) own.set(id, { name, text, place });
    }
    if (device.kind === 'mdev') {
      const { typeName, typeNamePlace } = device;
      own.set(normalisedMdevName(typeName), { name, text: typeName, place: typeNamePlace });
    }
  }
  return own;
}
