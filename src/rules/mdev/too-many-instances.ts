import { normalisedMdevName } from '../../kubevirt';
import { placeAt } from '../../source';
import { exampleFleet, exampleInventory } from '../example';
import { defineRule } from '../rule';
import { functionsOfCard, sharedUses } from '../vgpus';
import { counted, fitting, fittingLabel } from '../words';

const fleetWith = (count: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.9" } }
inventory: inventory/
devices:
  t4-1q:
    mdev: { name: GRID T4-1Q, typeId: nvidia-222, parent: "10de:1eb8" }
    resourceName: nvidia.com/GRID_T4-1Q
    externalResourceProvider: true
nodePools:
  shares:
    nodes: [node01]
    cpuVendor: intel
    mediatedDevices: [{ device: t4-1q, createdBy: vgpu-device-manager, count: ${count} }]
`);

const INVENTORY = {
  'inventory/node01.yaml': exampleInventory('node01', [
    'address: "0000:65:00.0", class: "0302", id: "10de:1eb8", driver: nvidia, mdevTypes: [{ id: nvidia-222, name: GRID T4-1Q, instances: 16 }]',
  ]),
};

export const tooManyInstances = defineRule({
  code: 'MDV292',
  slug: 'mdev/too-many-instances',
  severity: 'error',
  needs: ['inventory'],
  concerns: ({ analysis }) => sharedUses(analysis).some(({ use }) => use.count !== undefined),
  summary: 'a node is to have more of a vGPU type than its cards can make',
  why: `
The inventory says how many of each type a card can have. What is declared beyond that is never there: VMs that count on it stay Pending.
For a vGPU of a virtual function every function is at most one.`,
  sources: [
    {
      claim: 'the driver says how many',
      url: 'https://github.com/torvalds/linux/blob/v6.12/Documentation/driver-api/vfio-mediated-device.rst',
    },
  ],
  examples: {
    bad: [{ name: 'one card for sixteen', yaml: fleetWith('«32»'), files: INVENTORY }],
    good: [{ name: 'as many as there can be', yaml: fleetWith('16'), files: INVENTORY }],
  },
  *check({ analysis }) {
    for (const { pool, use, device } of sharedUses(analysis)) {
      const parent = device.parent?.id;
      if (use.count === undefined || parent === undefined) continue;
      const limits = pool.nodes.flatMap(({ name }) => {
        const most = mostOn(analysis, device, parent, name, pool.sriov.find((one) => one.parent.id === parent)?.numVfs);
        return most !== undefined && most < (use.count ?? 0) ? [{ name, most }] : [];
      });
      const [first] = limits;
      if (first === undefined) continue;
      yield {
        message: fitting(
          `${device.name} is declared ${use.count} times, and node ${first.name} can have ${first.most}`,
          `a vGPU type is declared ${use.count} times, and a node can have ${first.most}`,
        ),
        primary: {
          at: placeAt(use.place, 'count'),
          text: fittingLabel(`node ${first.name} can have ${first.most}`, `a node can have ${first.most}`),
        },
        notes: limits.length > 1 ? [`${counted(limits.length, 'node')} of the pool cannot have as many`] : [],
        help: [`write a count that every node of pool ${pool.name} can have`],
      };
    }
  },
});

/** The most that one node can have; undefined where its inventory does not say. */
function mostOn(
  analysis: Parameters<typeof functionsOfCard>[0],
  device: ReturnType<typeof sharedUses>[number]['device'],
  parent: Parameters<typeof functionsOfCard>[1],
  node: string,
  numVfs: number | undefined,
): number | undefined {
  const facts = functionsOfCard(analysis, parent, [node]);
  if (device.kind === 'vgpu') {
    const cards = facts.filter(({ physicalFunction }) => physicalFunction === undefined);
    const most = cards.map(({ totalVfs }) => numVfs ?? totalVfs);
    if (cards.length === 0 || most.includes(undefined)) return undefined;
    return most.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  }
  const wanted = normalisedMdevName(device.typeName);
  const types = facts.flatMap(({ mdevTypes }) => mdevTypes ?? []);
  const ours = types.filter(
    ({ id, name }) =>
      (device.typeId !== undefined && id === device.typeId) || normalisedMdevName(name ?? id) === wanted,
  );
  if (ours.length === 0 || ours.some(({ instances }) => instances === undefined)) return undefined;
  return ours.reduce((sum, { instances }) => sum + (instances ?? 0), 0);
}
