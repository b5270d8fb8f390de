import type { AnalysedFunction, AnalysedNode, Analysis, Resource } from '../../analysis';
import { groupBy, type Passthrough } from '../../model';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { entryPlace, inventoryLabels } from '../functions';
import { sharedGroups } from '../iommu-groups';
import { defineRule } from '../rule';
import { KUBEVIRT, LINUX } from '../sources';
import { fitting, fittingLabel, nodesInWords } from '../words';

const INVENTORY = {
  'inventory/node01.yaml': exampleInventory('node01', [
    exampleFunction('0000:65:00.0', '0300', '10de:1e04', { group: 27 }),
    exampleFunction('0000:65:00.1', '0403', '10de:10f7', { group: 27 }),
  ]),
};

export const splitIommuGroup = defineRule({
  code: 'PCI105',
  slug: 'pci/split-iommu-group',
  severity: 'error',
  needs: ['inventory'],
  manifests: [],
  concerns: ({ analysis }) => analysis.resources.filter(({ device }) => device.kind === 'pci').length > 1,
  summary: 'one IOMMU group is offered under two resource names',
  why: `
Both resources are advertised and scheduled on their own, but the group behind them can be opened by one VM only. The VM that
comes second gets its pod and fails at start. Functions that only have to be bound (a GPU's audio and USB functions) belong into
\`companions\`, where they are bound and not permitted.`,
  sources: [
    {
      claim: 'each resource is advertised with the group as device id',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/pci_device.go#L132-L150`,
    },
    { claim: 'the group is the unit of ownership', url: `${LINUX}/Documentation/driver-api/vfio.rst` },
  ],
  examples: {
    bad: [
      {
        name: 'a GPU and its audio function, for whoever asks first',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  gpu: { pci: ["10de:1e04"], resourceName: example.com/gpu }
  gpu-audio: { pci: ["10de:10f7"], resourceName: example.com/gpu-audio }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: gpu }, { device: «gpu-audio» }] }
`),
        files: INVENTORY,
      },
    ],
    good: [
      {
        name: 'the audio function is bound with the GPU and not offered',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  gpu: { pci: ["10de:1e04"], resourceName: example.com/gpu }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: gpu }] }
`),
        files: INVENTORY,
      },
      {
        name: 'the only VM takes both',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  gpu: { pci: ["10de:1e04"], resourceName: example.com/gpu }
  gpu-audio: { pci: ["10de:10f7"], resourceName: example.com/gpu-audio }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: gpu }, { device: gpu-audio }] }
virtualMachines:
  desktop:
    hostDevices: [{ name: gpu, device: gpu }, { name: audio, device: gpu-audio }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
        files: INVENTORY,
      },
    ],
  },
  *check({ analysis }) {
    const splits = analysis.nodes.flatMap(splitGroups);
    for (const parts of groupBy(splits, ({ pair }) => pair).values()) {
      const [part] = parts;
      if (part === undefined) continue;
      const entry = entryOf(part.second[0], part.resources[1]);
      const firstEntry = entryOf(part.first[0], part.resources[0]);
      if (entry === undefined || firstEntry === undefined) continue;
      const isSplitOnce = new Set(parts.map(({ node }) => node)).size === parts.length;
      if (isSplitOnce && alwaysTogether(analysis, part.resources)) continue;
      const [one, other] = part.resources;
      const where = nodesInWords(parts.map(({ node }) => node));
      yield {
        message: fitting(
          `one IOMMU group is offered as ${one.device.name} and as ${other.device.name} on ${where}`,
          `one IOMMU group is offered as ${one.device.name} and as ${other.device.name}`,
          'one IOMMU group is offered under 2 names',
        ),
        primary: { at: entryPlace(entry), text: fittingLabel(`offered beside ${one.device.name}`, 'offered too') },
        secondary: [
          ...(firstEntry === entry ? [] : [{ at: entryPlace(firstEntry), text: 'the other part of the group' }]),
          ...inventoryLabels([...part.first, ...part.second], () => `in IOMMU group ${part.group}`, 2),
        ],
        notes: ['the kernel lets one VM open an IOMMU group, kubelet may give its parts to two'],
        help: [
          `name ${other.device.name} under \`companions\` of ${one.device.name} instead of passing it through`,
          'or let every VM that asks for one ask for the other too',
        ],
      };
    }
  },
});

interface Split {
  readonly node: string;
  readonly group: number;
  readonly pair: string;
  readonly resources: readonly [Resource, Resource];
  readonly first: readonly AnalysedFunction[];
  readonly second: readonly AnalysedFunction[];
}

function splitGroups(node: AnalysedNode): Split[] {
  if (sharedGroups(node).size === 0) return [];
  const { name, advertised } = node;
  const parts = advertised.flatMap(({ resource, functions }) =>
    functions.flatMap((one) =>
      typeof one.fact.iommuGroup === 'number' ? [{ resource, one, group: one.fact.iommuGroup }] : [],
    ),
  );
  const splits: Split[] = [];
  for (const [group, members] of groupBy(parts, (part) => part.group)) {
    if (members.length === 1) continue;
    const [first, second] = [...groupBy(members, ({ resource }) => resource)];
    if (first === undefined || second === undefined) continue;
    const shares = first[1].some(({ one }) => second[1].some((other) => other.one === one));
    if (shares) continue;
    splits.push({
      node: name,
      group,
      pair: `${first[0].device.name} ${second[0].device.name}`,
      resources: [first[0], second[0]],
      first: first[1].map(({ one }) => one),
      second: second[1].map(({ one }) => one),
    });
  }
  return splits;
}

/** The entry that binds a function for this resource; as a companion it may be bound by others too. */
function entryOf(one: AnalysedFunction | undefined, { device }: Resource): Passthrough | undefined {
  return one?.bindings.find(({ passthrough }) => passthrough.device === device.name)?.passthrough;
}

/** Whether there are VMs that ask for these two, and none that asks for one alone. */
function alwaysTogether(analysis: Analysis, [one, other]: readonly [Resource, Resource]): boolean {
  let together = false;
  for (const { machines } of analysis.machineShapes) {
    const requests = machines[0]?.requests ?? [];
    const asksForOne = requests.some(({ resource }) => resource === one);
    const asksForOther = requests.some(({ resource }) => resource === other);
    if (asksForOne !== asksForOther) return false;
    together ||= asksForOne;
  }
  return together;
}
