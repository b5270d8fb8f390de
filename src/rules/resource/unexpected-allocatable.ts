import { groupBy } from '../../model';
import { liveConfiguration } from '../../analysis';
import type { AdvertisedResource, AnalysedNode, Analysis } from '../../analysis';
import { placeAt, type Place } from '../../source';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { missingLiveNodes } from '../live-cluster';
import { permittedNames } from '../live-kubevirt';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { counted, fitting, fittingLabel, nodesInWords } from '../words';

const FLEET = exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4 }] }
`);

const filesWith = (count: string): Record<string, string> => ({
  'inventory/node01.yaml': exampleInventory('node01', [
    exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 }),
    exampleFunction('0000:b3:00.0', '0302', '10de:1eb8', { group: 41 }),
  ]),
  'cluster/kubevirt.yaml': `
apiVersion: kubevirt.io/v1
kind: KubeVirt
metadata: { name: kubevirt, namespace: kubevirt }
spec:
  configuration:
    permittedHostDevices:
      pciHostDevices: [{ pciVendorSelector: 10DE:1EB8, resourceName: example.com/t4 }]
`,
  'cluster/node01.yaml': `
apiVersion: v1
kind: Node
metadata: { name: node01 }
status:
  allocatable: { cpu: "64", example.com/t4: ${count} }
`,
});

export const unexpectedAllocatable = defineRule({
  code: 'RES630',
  slug: 'resource/unexpected-allocatable',
  severity: 'warning',
  needs: ['inventory', 'current'],
  manifests: ['nodes', 'kubevirt'],
  lacksPartly: ({ analysis }) => missingLiveNodes(analysis),
  summary: 'a node hands out another number of devices than the fleet predicts',
  why: `
What a device plugin advertises follows from the allow-list, the drivers and the IOMMU groups, so it can be worked out beforehand, and the node
says what came of it under \`status.allocatable\`. Where the two differ, something is not as the fleet or the inventory says: a
card is not bound, a plugin did not start, or the inventory is older than the hardware. Until a change of this fleet is rolled
out it is expected that they differ. Resources that the live KubeVirt object does not permit yet are passed over.`,
  sources: [
    {
      claim: 'what is advertised',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/pci_device.go`,
    },
    {
      claim: 'a plugin that failed keeps the node from VMs',
      url: 'https://github.com/kubevirt/kubevirt/issues/8478',
    },
  ],
  examples: {
    bad: [{ name: 'a card less', yaml: FLEET, files: filesWith('«"1"»') }],
    good: [{ name: 'as predicted', yaml: FLEET, files: filesWith('"2"') }],
  },
  *check({ fleet, analysis }) {
    const live = liveConfiguration(fleet);
    const permitted = live === undefined ? undefined : permittedNames(live);
    const found = analysis.nodes.flatMap((node) =>
      node.advertised.flatMap((predicted) => differenceOn(node, predicted, permitted)),
    );
    const byCause = groupBy(found, ({ name, predicted, live }) => JSON.stringify([name, predicted, live]));
    for (const cases of byCause.values()) {
      const [first] = cases;
      if (first === undefined) continue;
      const { name, predicted, live } = first;
      const nodes = cases.map(({ node }) => node.name);
      const have = nodes.length === 1 ? 'has' : 'have';
      yield {
        message: fitting(
          `${nodesInWords(nodes)} ${have} ${live} of ${name}, and ${predicted} are predicted`,
          `${counted(nodes.length, 'node')} ${have} ${live} of ${name}, and ${predicted} are predicted`,
          `${counted(nodes.length, 'node')} ${have} ${live} of a resource, and ${predicted} are predicted`,
        ),
        primary: {
          at: allocatablePlace(first.node, name),
          text: live === 0 ? 'none when this was taken' : fittingLabel(`${live} when this was taken`),
        },
        secondary: [{ at: placeAt(first.place, 'resourceName'), text: `${predicted} of it predicted` }],
        notes: [howCounted(analysis, first.advertised)],
        help: ['look for the cause on the node, or import the inventory and the live objects anew'],
      };
    }
  },
});

interface Difference {
  readonly node: AnalysedNode;
  readonly advertised: AdvertisedResource;
  readonly name: string;
  readonly predicted: number;
  readonly live: number;
  readonly place: Place;
}

function differenceOn(
  node: AnalysedNode,
  advertised: AdvertisedResource,
  permitted: ReadonlySet<string> | undefined,
): Difference[] {
  const { resource, count } = advertised;
  const { name, device, server } = resource;
  const allocatable = node.live?.allocatable;
  // how another plugin counts is not known
  if (name === undefined || count === undefined || allocatable === undefined || server === 'other') return [];
  const live = allocatable.get(name);
  // not permitted yet, or nobody knows: then only a number that the node shows can differ
  const isAsked = permitted === undefined ? live !== undefined : permitted.has(name);
  // NVIDIA's plugin advertises what it finds, permitted or not
  if (!isAsked && (server !== 'nvidia' || (live ?? 0) === 0)) return [];
  if ((live ?? 0) === count) return [];
  return [{ node, advertised, name, predicted: count, live: live ?? 0, place: device.place }];
}

function allocatablePlace({ live }: AnalysedNode, name: string): Place {
  if (live === undefined) throw new RangeError('a node with allocatable resources is live');
  return live.allocatable?.has(name) === true
    ? placeAt(live.place, 'status', 'allocatable', name)
    : placeAt(live.place, 'status', 'allocatable');
}

function howCounted({ fleet }: Analysis, { resource, functions }: AdvertisedResource): string {
  const seen = `${counted(functions.length, 'function')} in the inventory`;
  if (resource.device.kind !== 'pci') return `the prediction is for KubeVirt ${fleet.cluster.kubevirt.version}`;
  return resource.server === 'kubevirt'
    ? `KubeVirt's plugin counts IOMMU groups of functions on vfio-pci: ${seen}`
    : `the plugin counts functions on vfio-pci: ${seen}`;
}
