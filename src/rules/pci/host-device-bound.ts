import type { AnalysedFunction, Analysis, PreparationUnit, StrategyChoice } from '../../analysis';
import type { Label } from '../../diagnostics';
import { placeAt, type Place } from '../../source';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import {
  boundBy,
  claimedById,
  entryPlace,
  functionInWords,
  hostUsesInWords,
  isHostUsed,
  listedPlace,
} from '../functions';
import { groupBy } from '../group-by';
import { defineRule, type FleetFinding } from '../rule';
import { LINUX } from '../sources';
import { counted, enumerated, fitting, fittingLabel } from '../words';

const THREE_DRIVES = {
  'inventory/node03.yaml': exampleInventory('node03', [
    exampleFunction('0000:5d:00.0', '0108', '8086:5845', { group: 30, driver: 'nvme' }),
    exampleFunction('0000:5e:00.0', '0108', '8086:5845', { group: 31, driver: 'nvme', free: true }),
    exampleFunction('0000:5f:00.0', '0108', '8086:5845', { group: 32, driver: 'nvme', free: true }),
  ]),
};

export const hostDeviceBound = defineRule({
  code: 'PCI110',
  slug: 'pci/host-device-bound',
  severity: 'error',
  needs: ['inventory'],
  concerns: ({ fleet }) => fleet.nodePools.some(({ passthrough }) => passthrough.length > 0),
  summary: 'a function that the host uses would be handed to VMs',
  why: `
\`vfio-pci.ids=\` claims every function with the id on every node that gets the list, and a selector without addresses means every
function that it matches. Three identical drives are three functions with one id: the boot disk among them leaves with the others,
and the node does not come back. The kernel refuses neither. Nothing of this kind is written, and it cannot be acknowledged.`,
  sources: [
    { claim: '`ids=` adds dynamic ids, which match every function', url: `${LINUX}/drivers/vfio/pci/vfio_pci.c` },
    { claim: 'a driver that is told to lets go of any device', url: `${LINUX}/Documentation/ABI/testing/sysfs-bus-pci` },
  ],
  examples: {
    bad: [
      {
        name: 'three identical drives, one of them the boot disk, bound by id',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  nvme: { pci: ["8086:5845"], resourceName: devices.kubevirt.io/nvme }
nodePools:
  storage:
    nodes: [node03]
    hostUse:
      - { addresses: ["0000:5d:00.0"], reason: boot disk }
    passthrough:
      - device: nvme
        binding: «id»
`),
        files: THREE_DRIVES,
      },
      {
        name: 'every function that the selector matches',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  nvme: { pci: ["8086:5845"], resourceName: devices.kubevirt.io/nvme }
nodePools:
  storage:
    nodes: [node03]
    hostUse: [{ addresses: ["0000:5d:00.0"], reason: boot disk }]
    passthrough: [{ device: «nvme» }]
`),
        files: THREE_DRIVES,
      },
      {
        name: 'an address that the host uses',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  nvme: { pci: ["8086:5845"], resourceName: devices.kubevirt.io/nvme }
nodePools:
  storage:
    nodes: [node03]
    hostUse: [{ addresses: ["0000:5d:00.0"], reason: Ceph OSD }]
    passthrough: [{ device: nvme, addresses: [«"0000:5d:00.0"», "0000:5e:00.0"] }]
`),
        files: THREE_DRIVES,
      },
    ],
    good: [
      {
        name: 'by address, without the boot disk',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  nvme: { pci: ["8086:5845"], resourceName: devices.kubevirt.io/nvme }
nodePools:
  storage:
    nodes: [node03]
    hostUse: [{ addresses: ["0000:5d:00.0"], reason: boot disk }]
    passthrough: [{ device: nvme, addresses: ["0000:5e:00.0", "0000:5f:00.0"] }]
`),
        files: THREE_DRIVES,
      },
    ],
  },
  *check({ analysis }) {
    for (const unit of analysis.units) {
      for (const choice of unit.strategies) {
        const used = takenBy(analysis, unit, choice).filter(isHostUsed);
        const byPlace = groupBy(used, ({ node, fact }) => listedPlace(choice.passthrough, node, fact.address));
        for (const [listed, functions] of byPlace) yield bound(choice, functions, listed);
      }
    }
  },
});

function takenBy(analysis: Analysis, unit: PreparationUnit, choice: StrategyChoice): readonly AnalysedFunction[] {
  const declared = boundBy(analysis, choice.passthrough, 'device');
  return choice.strategy === 'id' ? [...new Set([...declared, ...claimedById(analysis, unit, choice)])] : declared;
}

function bound(
  { passthrough, strategy }: StrategyChoice,
  functions: readonly AnalysedFunction[],
  listed: Place | undefined,
): FleetFinding {
  const [first] = functions;
  if (first === undefined) throw new RangeError('a group of functions is never empty');
  const uses = hostUsesInWords(first);
  const others = functions.length - 1;
  const how = strategy === 'id' && listed === undefined ? `binding ${first.fact.id ?? ''} by id` : passthrough.device;
  return {
    message:
      others === 0
        ? fitting(
            `${how} takes ${functionInWords(first)}, which the host uses: ${uses}`,
            `${how} takes ${functionInWords(first)}, which the host uses`,
          )
        : fitting(
            `${how} takes ${counted(functions.length, 'function')} that the host uses: ${functionInWords(first)} and ${others} more`,
            `${how} takes ${counted(functions.length, 'function')} that the host uses`,
          ),
    primary: primaryLabel(passthrough, strategy, first, listed),
    secondary: secondaryLabels(first),
    notes: [
      ...functions.slice(0, 3).map((one) => `${functionInWords(one)} is in use: ${hostUsesInWords(one)}`),
      ...(functions.length > 3 ? [`${functions.length - 3} more functions are in use`] : []),
    ],
    help: [
      listed === undefined
        ? `list the functions to hand over under \`addresses\`, without ${enumerated([...new Set(functions.map(({ fact }) => fact.address))])}`
        : 'remove the address',
    ],
  };
}

function primaryLabel(
  passthrough: StrategyChoice['passthrough'],
  strategy: StrategyChoice['strategy'],
  { fact }: AnalysedFunction,
  listed: Place | undefined,
): Label<Place> {
  if (listed !== undefined) return { at: listed, text: 'handed to VMs here' };
  if (strategy === 'id') {
    return {
      at: passthrough.binding === 'id' ? placeAt(passthrough.place, 'binding') : entryPlace(passthrough),
      text: `vfio-pci claims every function with id ${fact.id ?? ''}`,
    };
  }
  return {
    at: entryPlace(passthrough),
    text: fittingLabel(`hands over every function that ${passthrough.device} selects`, 'hands over every match'),
  };
}

function secondaryLabels({ fact, hostUse }: AnalysedFunction): Label<Place>[] {
  const use = hostUse?.[0];
  const labels = [{ at: fact.place, text: `the function, ${fact.driver ?? 'no driver'} in the inventory` }];
  return use === undefined || use.place === fact.place ? labels : [{ at: use.place, text: 'kept on the host' }, ...labels];
}
