import type { AnalysedFunction, AnalysedMachine, AnalysedNode } from '../../analysis';
import { classCode, groupBy } from '../../model';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { inventoryLabels } from '../functions';
import { demandsOf, moreMachines, requestPlace, type Demand } from '../machines';
import { defineRule } from '../rule';
import { counted, fitting, listed } from '../words';

const fleetWith = (place: string, hostUse: string): string =>
  exampleFleet(`
inventory: inventory/
devices:
  h100: { pci: ["10de:2330"], resourceName: example.com/h100 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: h100 }]${hostUse} }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: ${place} }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`);

const INVENTORY = {
  'inventory/node01.yaml': exampleInventory('node01', [
    exampleFunction('0000:19:00.0', '0302', '10de:2330', { group: 27 }),
    exampleFunction('0000:3b:00.0', '0302', '10de:2330', { group: 28 }),
    exampleFunction('0000:07:00.0', '0680', '10de:22a3', { group: 40, driver: 'nvidia-nvswitch' }),
  ]),
};

export const sharedNvswitch = defineRule({
  code: 'PCI133',
  slug: 'pci/shared-nvswitch',
  severity: 'warning',
  needs: ['inventory'],
  concerns: ({ analysis }) => analysis.nodes.some(({ functions }) => functions.some(isNvswitch)),
  summary: 'a VM takes some of the GPUs behind NVSwitches that nobody is said to manage',
  why: `
SXM GPUs talk to each other through NVSwitches, and NVIDIA's Fabric Manager sets those up. A VM that has all GPUs and all switches of a board runs it
itself. A VM with some of the GPUs leaves the switches to the host, or to a VM for them: without a Fabric Manager there the GPUs of the VM stay
without NVLink, and CUDA does not start on them ("system not yet initialized"). \`hostUse\` of the switches says that somebody manages them.`,
  sources: [
    {
      claim: 'the switches have a driver and a manager of their own',
      url: 'https://github.com/NVIDIA/open-gpu-kernel-modules/blob/550.54.14/kernel-open/nvidia/linux_nvswitch.c',
    },
  ],
  examples: {
    bad: [{ name: 'one GPU of two', yaml: fleetWith('«h100»', ''), files: INVENTORY }],
    good: [
      {
        name: 'Fabric Manager on the host',
        yaml: fleetWith('h100', ', hostUse: [{ addresses: ["0000:07:00.0"], reason: Fabric Manager }]'),
        files: INVENTORY,
      },
    ],
  },
  *check({ analysis }) {
    const partial = analysis.machines.flatMap((machine) =>
      demandsOf(machine).flatMap((demand) => {
        const node = machine.candidates.find((one) => leavesSome(one, demand) && !takesSwitches(one, machine));
        return node === undefined ? [] : [{ machine, demand, node }];
      }),
    );
    for (const cases of groupBy(partial, ({ demand }) => demand.resource).values()) {
      const [first] = cases;
      const asked = first?.demand.requests[0];
      if (first === undefined || asked === undefined) continue;
      const { machine, demand, node } = first;
      const switches = unmanaged(node);
      yield {
        message: fitting(
          `VM ${machine.machine.id} takes ${demand.count} of the GPUs behind the NVSwitches of ${node.name}`,
          `a VM takes ${demand.count} of the GPUs behind the NVSwitches of ${node.name}`,
          'a VM takes some of the GPUs behind NVSwitches',
        ),
        primary: { at: requestPlace(asked), text: 'not all GPUs of the board' },
        secondary: inventoryLabels(switches, () => 'an NVSwitch that nobody is said to manage', 1),
        notes: [
          `${node.name} has ${counted(switches.length, 'such NVSwitch', 'such NVSwitches')}: ${listed(switches.map(({ fact }) => fact.address))}`,
          'NVIDIA GPUs of a board with NVSwitches wait for Fabric Manager',
          ...moreMachines(cases.map((one) => one.machine)),
        ],
        help: ['run Fabric Manager where the switches are, and say so under `hostUse` of the pool'],
      };
    }
  },
});

/** Class 0680 and NVIDIA: a bridge by class, with the header of a device. */
function isNvswitch({ fact }: AnalysedFunction): boolean {
  return fact.id?.startsWith('10de:') === true && fact.class !== undefined && classCode(fact.class) === '0680';
}

/** The switches of a node that neither the host nor a VM is said to have. */
function unmanaged({ functions }: AnalysedNode): AnalysedFunction[] {
  return functions.filter((one) => isNvswitch(one) && (one.hostUse ?? []).length === 0);
}

function leavesSome(node: AnalysedNode, { resource, count }: Demand): boolean {
  const gpus = node.advertised.find((one) => one.resource === resource)?.functions ?? [];
  const isGpu = gpus.some(({ fact }) => fact.id?.startsWith('10de:') === true && fact.class?.startsWith('03') === true);
  return isGpu && count < gpus.length && unmanaged(node).length > 0;
}

/** Whether the VM asks for the switches of the node too. */
function takesSwitches(node: AnalysedNode, { requests }: AnalysedMachine): boolean {
  return node.advertised.some(
    ({ resource, functions }) => functions.some(isNvswitch) && requests.some((asked) => asked.resource === resource),
  );
}
