/*
 * Demand against supply, by groups of VMs that have the same nodes to run on: the VMs whose nodes all lie within a group's nodes
 * cannot get more than these nodes have. True whenever it is reported; a shortage that shows only across overlapping groups
 * is not looked for.
 */
import type { AnalysedMachine, AnalysedNode, AnalysedRequest, Analysis, Resource } from '../../analysis';
import { MACHINE_LAYOUTS, type VirtualMachine } from '../../model';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { entryPlace } from '../functions';
import { demandsOf, isProvisionKnown, requestPlace, supplyOf } from '../machines';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { counted, fitting, listed, nodesInWords } from '../words';

const INVENTORY = {
  'inventory/node01.yaml': exampleInventory('node01', [
    exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 }),
  ]),
};

export const oversubscribedDevice = defineRule({
  code: 'VMI310',
  slug: 'vm/oversubscribed-device',
  severity: 'error',
  needs: [],
  absentFrom: ['devices', 'nodePools', 'inventory'],
  summary: 'VMs that run always ask for more devices than the nodes have',
  why: `
VMs with \`runStrategy: Always\`, VirtualMachineInstances and those of replica sets hold their devices all the time. Where they ask for more than the nodes advertise,
the last one stays Pending, and which one that is changes: a VM that is stopped and started may find its device taken by
one that was waiting.`,
  sources: [
    {
      claim: 'each entry requests one of the resource',
      url: `${KUBEVIRT}/pkg/virt-controller/services/renderresources.go`,
    },
    {
      claim: 'a stopped VM loses its device to a waiting one',
      url: 'https://github.com/kubevirt/kubevirt/issues/8496',
    },
  ],
  examples: {
    bad: [
      {
        name: 'two VMs, one card',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4 }] }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: t4 }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
  train-8:
    gpus: [{ name: gpu1, device: «t4» }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
        files: INVENTORY,
      },
      {
        name: 'two replicas, one card',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4 }] }
virtualMachines:
  render:
    kind: VirtualMachineInstanceReplicaSet
    replicas: 2
    gpus: [{ name: gpu1, device: «t4» }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
        files: INVENTORY,
      },
    ],
    good: [
      {
        name: 'a pool that makes no VM',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4 }] }
virtualMachines:
  render:
    kind: VirtualMachinePool
    replicas: 0
    gpus: [{ name: gpu1, device: t4 }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
  train-7:
    gpus: [{ name: gpu1, device: t4 }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
        files: INVENTORY,
      },
      {
        name: 'the second VM is started by hand',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4 }] }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: t4 }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
  train-8:
    runStrategy: Manual
    gpus: [{ name: gpu1, device: t4 }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
        files: INVENTORY,
      },
    ],
  },
  *check({ analysis }) {
    for (const [resource, groups] of demandGroups(analysis)) {
      const short = groups.flatMap((group) => shortageOf(resource, group, groups));
      // the widest group tells the whole story; a node's own shortage within it would say it twice
      const [worst] = short.sort((a, b) => b.nodes.length - a.nodes.length);
      if (worst === undefined) continue;
      const { demand, supply, nodes, asks } = worst;
      const beyond = firstBeyond(asks, supply);
      if (beyond === undefined) continue;
      const machines = [...new Set(asks.map(({ machine }) => machine.machine))];
      const holders = machines.reduce((sum, { replicas }) => sum + replicas, 0);
      const { name } = resource.device;
      const entry = nodes[0]?.pools.flatMap(({ passthrough }) => passthrough).find(({ device }) => device === name);
      yield {
        message: fitting(
          `VMs ask for ${demand} of ${name}, and ${nodesInWords(nodes.map((node) => node.name))} ${nodes.length === 1 ? 'has' : 'have'} ${supply}`,
          `VMs ask for ${demand} of ${name}, and ${counted(nodes.length, 'node')} have ${supply}`,
          `VMs ask for ${demand} of a device of which the nodes have ${supply}`,
        ),
        primary: { at: requestPlace(beyond.asked), text: 'none is left for this VM' },
        secondary: entry === undefined ? [] : [{ at: entryPlace(entry), text: 'provided here' }],
        notes: [
          `${counted(holders, 'VM')} hold one all the time: ${listed(asks.map(({ machine }) => inWords(machine.machine)))}`,
        ],
        help: ['provide more devices, or let some VMs be started by hand (`runStrategy: Manual`)'],
      };
    }
  },
});

interface Ask {
  readonly machine: AnalysedMachine;
  readonly asked: AnalysedRequest;
}

interface DemandGroup {
  readonly nodes: readonly AnalysedNode[];
  readonly names: ReadonlySet<string>;
  readonly asks: Ask[];
}

interface Shortage {
  readonly demand: number;
  readonly supply: number;
  readonly nodes: readonly AnalysedNode[];
  readonly asks: readonly Ask[];
}

function demandGroups(analysis: Analysis): Map<Resource, DemandGroup[]> {
  const byResource = new Map<Resource, Map<string, DemandGroup>>();
  for (const machine of analysis.machines) {
    // a VM that fits nowhere is a finding of its own and takes nothing
    if (!runsAlways(machine) || machine.fits.length === 0) continue;
    for (const { resource, requests } of demandsOf(machine)) {
      if (!isProvisionKnown(resource)) continue;
      const groups = byResource.get(resource) ?? new Map<string, DemandGroup>();
      byResource.set(resource, groups);
      const key = JSON.stringify([machine.machine.node, machine.machine.pool, machine.spec['nodeSelector']]);
      let group = groups.get(key);
      if (group === undefined) {
        const nodes = machine.candidates.filter((node) => supplyOf(node, resource) !== 0);
        group = { nodes, names: new Set(nodes.map(({ name }) => name)), asks: [] };
        groups.set(key, group);
      }
      group.asks.push(...requests.map((asked) => ({ machine, asked })));
    }
  }
  return new Map([...byResource].map(([resource, groups]) => [resource, [...groups.values()]]));
}

function runsAlways({ machine }: AnalysedMachine): boolean {
  if (MACHINE_LAYOUTS[machine.kind].machine === undefined) return true;
  return machine.machine['runStrategy'] === 'Always' || machine.machine['running'] === true;
}

function shortageOf(resource: Resource, group: DemandGroup, groups: readonly DemandGroup[]): Shortage[] {
  let supply = 0;
  for (const node of group.nodes) {
    const count = supplyOf(node, resource);
    if (count === undefined) return [];
    supply += count;
  }
  const inside = groups.filter(
    ({ nodes }) => nodes.length <= group.nodes.length && nodes.every(({ name }) => group.names.has(name)),
  );
  const asks = inside.flatMap((one) => one.asks);
  const demand = asks.reduce((sum, { machine }) => sum + machine.machine.replicas, 0);
  return demand > supply ? [{ demand, supply, nodes: group.nodes, asks }] : [];
}

/** The first entry for which nothing is left; a pool or replica set asks once for each VM that it makes. */
function firstBeyond(asks: readonly Ask[], supply: number): Ask | undefined {
  let sum = 0;
  return asks.find(({ machine }) => (sum += machine.machine.replicas) > supply);
}

function inWords({ id, replicas }: VirtualMachine): string {
  return replicas === 1 ? id : `${id} (${replicas} times)`;
}
