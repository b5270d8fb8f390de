import type { AnalysedFunction, Analysis, BindingStrategy, PreparationUnit, StrategyChoice } from '../../analysis';
import type { Label } from '../../diagnostics';
import type { Passthrough } from '../../model';
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
import { defineRule, type FleetFinding } from '../rule';
import { LINUX } from '../sources';
import { counted, fitting, fittingLabel, listed } from '../words';

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
  suppressible: false,
  needs: ['inventory'],
  manifests: [],
  concerns: ({ fleet }) => fleet.nodePools.some(({ passthrough }) => passthrough.length > 0),
  summary: 'a function that the host uses would be handed to VMs',
  why: `
\`vfio-pci.ids=\` claims every function with the id on every node that gets the list, and a selector without addresses means every
function that it matches. Three identical drives are three functions with one id: the boot disk among them leaves with the others,
and the node does not come back. The kernel refuses neither. Nothing of this kind is written, and it cannot be acknowledged.`,
  sources: [
    { claim: '`ids=` adds dynamic ids, which match every function', url: `${LINUX}/drivers/vfio/pci/vfio_pci.c` },
    {
      claim: 'a driver that is told to lets go of any device',
      url: `${LINUX}/Documentation/ABI/testing/sysfs-bus-pci`,
    },
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
        const used = takenBy(analysis, unit, choice).filter(
          // an address that the fleet lists is pci/host-address-listed
          (one) => isHostUsed(one) && listedPlace(choice.passthrough, one.node, one.fact.address) === undefined,
        );
        const [first] = used;
        if (first !== undefined) yield bound(choice, used, first);
      }
    }
  },
});

function takenBy(analysis: Analysis, unit: PreparationUnit, choice: StrategyChoice): readonly AnalysedFunction[] {
  const declared = boundBy(analysis, choice.passthrough, 'either');
  return choice.strategy === 'id' ? [...new Set([...declared, ...claimedById(analysis, unit, choice)])] : declared;
}

function bound(
  { passthrough, strategy }: StrategyChoice,
  functions: readonly AnalysedFunction[],
  first: AnalysedFunction,
): FleetFinding {
  const how = strategy === 'id' ? `binding ${first.fact.id ?? ''} by id` : `passthrough of ${passthrough.device}`;
  const others = functions.length - 1;
  const counts = `${how} takes ${counted(functions.length, 'function')} that the host uses`;
  const whole = `${how} takes ${functionInWords(first)}, which the host uses: ${hostUsesInWords(first)}`;
  const isSaid = others === 0 && whole.length <= 90;
  return {
    message:
      others === 0
        ? fitting(
            whole,
            `${how} takes ${functionInWords(first)}, which the host uses`,
            'a passthrough takes what the host uses',
          )
        : fitting(
            `${counts}: ${functionInWords(first)} and ${others} more`,
            counts,
            `a passthrough takes ${counted(functions.length, 'function')} that the host uses`,
          ),
    primary: primaryLabel(passthrough, strategy, first),
    secondary: secondaryLabels(first),
    notes: [
      ...(isSaid ? [] : functions.slice(0, 3)).map(
        (one) => `${functionInWords(one)} is in use: ${hostUsesInWords(one)}`,
      ),
      ...(functions.length > 3 ? [`${functions.length - 3} more functions are in use`] : []),
      'the kernel lets vfio-pci take a device in use from its driver',
    ],
    help: [
      `list the functions to hand over under \`addresses\`, without ${listed(functions.map(({ fact }) => fact.address))}`,
    ],
  };
}

function primaryLabel(
  passthrough: Passthrough,
  strategy: BindingStrategy,
  { fact, bindings }: AnalysedFunction,
): Label<Place> {
  if (strategy === 'id') {
    return {
      at: passthrough.binding === 'id' ? placeAt(passthrough.place, 'binding') : entryPlace(passthrough),
      text: `vfio-pci claims every function with id ${fact.id ?? ''}`,
    };
  }
  const isCompanion = bindings.some((one) => one.passthrough === passthrough && one.role === 'companion');
  return {
    at: entryPlace(passthrough),
    text: isCompanion
      ? 'binds the functions of its slot along'
      : fittingLabel(`hands over every function that ${passthrough.device} selects`, 'hands over every match'),
  };
}

function secondaryLabels({ fact, hostUse }: AnalysedFunction): Label<Place>[] {
  const use = hostUse?.[0];
  const labels = [{ at: fact.place, text: driverInWords(fact.driver) }];
  return use === undefined || use.place === fact.place
    ? labels
    : [{ at: use.place, text: 'kept on the host' }, ...labels];
}

function driverInWords(driver: string | null | undefined): string {
  if (driver === undefined) return 'the function in the inventory';
  return driver === null ? 'on no driver' : `on driver ${driver}`;
}
