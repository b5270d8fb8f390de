import { groupBy } from '../../model';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { demandsOf, isPlaced, isProvisionKnown, moreMachines, requestPlace, supplyOf } from '../machines';
import { coversAll, shortDemands } from '../placement';
import { hasNoOtherCause } from '../provision';
import { shapeCases } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBERNETES } from '../sources';
import { enumerated, fitting, fittingLabel, nodesInWords } from '../words';

const TWO_NODES = {
  'inventory/node01.yaml': exampleInventory('node01', [
    exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 }),
  ]),
  'inventory/node02.yaml': exampleInventory('node02', [
    exampleFunction('0000:3b:00.0', '0b40', '8086:6f54', { group: 12 }),
  ]),
};

export const scatteredDevices = defineRule({
  code: 'VMI303',
  slug: 'vm/scattered-devices',
  severity: 'error',
  needs: [],
  absentFrom: ['devices', 'nodePools', 'inventory'],
  summary: 'a VM asks for devices that no single node has together',
  why: `
A VM runs on one node, and all of its devices have to be there. Each of them is provided somewhere among the nodes on which the VM may
run, but no node has all: the scheduler finds none, and the VM stays Pending.`,
  sources: [
    {
      claim: 'a node must have every resource that a pod requests',
      url: `${KUBERNETES}/pkg/scheduler/framework/plugins/noderesources/fit.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'a GPU on one node, QAT on another',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  qat: { pci: ["8086:6f54"], resourceName: intel.com/qat }
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  crypto: { nodes: [node02], passthrough: [{ device: qat }] }
  gpu: { nodes: [node01], passthrough: [{ device: t4 }] }
virtualMachines:
  gateway:
    gpus: [{ name: gpu1, device: t4 }]
    hostDevices: [{ name: qat1, device: «qat» }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
        files: TWO_NODES,
      },
    ],
    good: [
      {
        name: 'a VM for each',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  qat: { pci: ["8086:6f54"], resourceName: intel.com/qat }
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  crypto: { nodes: [node02], passthrough: [{ device: qat }] }
  gpu: { nodes: [node01], passthrough: [{ device: t4 }] }
virtualMachines:
  gateway:
    hostDevices: [{ name: qat1, device: qat }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
  train-7:
    gpus: [{ name: gpu1, device: t4 }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
        files: TWO_NODES,
      },
    ],
  },
  *check({ analysis }) {
    const scattered = shapeCases(analysis, (machine) => {
      if (machine.fits.length > 0 || !isPlaced(machine, analysis.nodeByName, analysis.poolByName)) return [];
      const demands = demandsOf(machine).filter(({ resource }) => isProvisionKnown(resource));
      // a demand that no node covers alone is vm/unprovided-device
      if (demands.length < 2 || shortDemands(machine, demands).length > 0) return [];
      if (demands.some((demand) => !hasNoOtherCause(analysis, machine, demand))) return [];
      return machine.candidates.some((node) => coversAll(node, demands)) ? [] : [{ machine, demands }];
    });
    const byShape = groupBy(scattered, ({ machine, demands }) =>
      JSON.stringify([
        machine.machine.node,
        machine.machine.pool,
        demands.map(({ resource, count }) => [resource.device.name, count]),
      ]),
    );
    for (const cases of byShape.values()) {
      const [first] = cases;
      const last = first?.demands.at(-1)?.requests.at(-1);
      if (first === undefined || last === undefined) continue;
      const { machine, demands } = first;
      const wanted = enumerated(
        demands.map(({ resource, count }) =>
          count === 1 ? resource.device.name : `${count} of ${resource.device.name}`,
        ),
      );
      yield {
        message: fitting(
          `no node has ${wanted} together, which VM ${machine.machine.id} asks for`,
          `no node has all the devices that VM ${machine.machine.id} asks for`,
          'no node has all the devices that a VM asks for',
        ),
        primary: { at: requestPlace(last), text: fittingLabel('not on a node with the others', 'on another node') },
        secondary: demands
          .flatMap(({ requests }) => requests.slice(0, 1))
          .filter((asked) => asked !== last)
          .slice(0, 2)
          .map((asked) => ({ at: requestPlace(asked), text: 'asked for by the same VM' })),
        notes: [
          ...demands.slice(0, 3).map(({ resource, count }) => {
            const nodes = machine.candidates.filter((node) => (supplyOf(node, resource) ?? count) >= count);
            return `${resource.device.name} is on ${nodesInWords(nodes.map(({ name }) => name))}`;
          }),
          ...moreMachines(cases.map((one) => one.machine)),
        ],
        help: ['ask for devices of one node, or split the VM'],
      };
    }
  },
});
