import { groupBy } from '../../model';
import type { AnalysedMachine, Analysis } from '../../analysis';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { entryPlace } from '../functions';
import { demandsOf, isPlaced, moreMachines, requestPlace, type Demand } from '../machines';
import { isImpossible, shortDemands } from '../placement';
import { hasNoOtherCause } from '../provision';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { counted, fitting, fittingLabel, nodesInWords } from '../words';

const INVENTORY = {
  'inventory/node01.yaml': exampleInventory('node01', [
    exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 }),
  ]),
};

export const unprovidedDevice = defineRule({
  code: 'VMI302',
  slug: 'vm/unprovided-device',
  severity: 'error',
  needs: [],
  absentFrom: ['devices', 'nodePools', 'inventory'],
  summary: 'a VM asks for a device that no node on which it may run provides',
  why: `
Each entry of \`gpus\` and \`hostDevices\` adds one to the pod's request for the resource. The scheduler needs one node that has as many: with
none the VM stays Pending, \`Insufficient RESOURCE\`, for ever and without any error at the place where the mistake is.`,
  sources: [
    {
      claim: 'an entry is one of the resource',
      url: `${KUBEVIRT}/pkg/virt-controller/services/renderresources.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'the wrong pool',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4 }] }
  general: { nodes: [node02] }
virtualMachines:
  train-7:
    pool: general
    gpus: [{ name: gpu1, device: «t4» }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
        files: INVENTORY,
      },
      {
        name: 'more than a node has',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4 }] }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: t4 }, { name: gpu2, device: «t4» }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
        files: INVENTORY,
      },
      {
        name: 'no pool hands it over',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: «t4» }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
      },
    ],
    good: [
      {
        name: 'the pool that has it',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4 }] }
virtualMachines:
  train-7:
    pool: gpu
    gpus: [{ name: gpu1, device: t4 }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
        files: INVENTORY,
      },
    ],
  },
  *check({ analysis }) {
    const short = analysis.machines.flatMap((machine) => {
      if (machine.fits.length > 0 || !isPlaced(machine, analysis.nodeByName, analysis.poolByName)) return [];
      if (isImpossible(analysis, machine)) return [];
      return shortDemands(machine, demandsOf(machine)).flatMap(({ demand, most }) =>
        hasNoOtherCause(analysis, machine, demand) ? [{ machine, demand, most }] : [],
      );
    });
    const byCause = groupBy(short, ({ machine, demand }) =>
      JSON.stringify([demand.resource.device.name, demand.count, machine.machine.node, machine.machine.pool]),
    );
    for (const cases of byCause.values()) {
      const [first] = cases;
      if (first === undefined) continue;
      const { machine, demand, most } = first;
      const { device, pools } = demand.resource;
      const wanted = demand.count === 1 ? `device ${device.name}` : `${demand.count} of ${device.name}`;
      const entry = pools[0]?.passthrough.find((one) => one.device === device.name);
      const asked = demand.requests[most] ?? demand.requests[0];
      if (asked === undefined) continue;
      yield {
        message: fitting(
          `${nobody(first)} ${wanted}, which VM ${machine.machine.id} asks for`,
          `no node provides ${wanted}, which VM ${machine.machine.id} asks for`,
          `no node provides ${wanted}, which a VM asks for`,
        ),
        primary: {
          at: requestPlace(asked),
          text:
            most > 0
              ? fittingLabel(`a node has ${counted(most, 'such device')} at most`, `a node has ${most} at most`)
              : 'no node on which this VM may run has one',
        },
        secondary: entry === undefined ? [] : [{ at: entryPlace(entry), text: 'provided here' }],
        notes: [
          ...(pools.length === 0 ? [] : [`device ${device.name} is on ${nodesInWords(nodesWith(analysis, demand))}`]),
          ...moreMachines(cases.map((one) => one.machine)),
        ],
        help:
          pools.length === 0
            ? ['add it to `passthrough`, `mediatedDevices` or `usb` of the pool whose nodes hold it']
            : [
                machine.machine.node === undefined && machine.machine.pool === undefined
                  ? 'correct what the VM says about where it runs, or provide the device there'
                  : 'correct `node` or `pool` of the VM, or provide the device there',
              ],
      };
    }
  },
});

function nobody({
  machine: { machine },
  demand,
}: {
  readonly machine: AnalysedMachine;
  readonly demand: Demand;
}): string {
  if (demand.resource.pools.length === 0) return 'no pool provides';
  if (machine.node !== undefined) return `node ${machine.node} does not provide`;
  return machine.pool === undefined ? 'no node provides' : `no node of pool ${machine.pool} provides`;
}

function nodesWith(analysis: Analysis, { resource }: Demand): string[] {
  return analysis.nodes
    .filter(({ advertised }) => advertised.some((one) => one.resource === resource && one.provided !== 0))
    .map(({ name }) => name);
}
