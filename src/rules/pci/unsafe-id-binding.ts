import { selectorIds, type Analysis, type PreparationUnit, type StrategyChoice, unitInWords } from '../../analysis';
import { placeAt } from '../../source';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { claimedById, entryPlace, functionInWords, inheritingUnits, isHostUsed } from '../functions';
import { lostParents } from '../mediated';
import { defineRule } from '../rule';
import { LINUX, MACHINE_CONFIG_OPERATOR } from '../sources';
import { enumerated, fitting, listed } from '../words';

export const unsafeIdBinding = defineRule({
  code: 'PCI112',
  slug: 'pci/unsafe-id-binding',
  severity: 'error',
  suppressible: false,
  needs: [],
  acknowledgeable: true,
  summary: '`binding: id` where binding by id takes too much or nothing',
  why: `
\`vfio-pci.ids=\` claims every function with the id on every node of the machine config pool, whether the fleet declares it or not. For
disks and NICs it does nothing at all: their drivers come from the initramfs, which does not hold files that a MachineConfig
writes, and have the device before the list is read. So hostdev binds by id only where each function with the id on each node of the
pool is known, declared and of a class that is bound late: display, co-processor, processing accelerator.

There is one exception. Where a MachineConfig that the pool adopts (\`machineConfigNames\`) binds these ids today, writing it again takes nothing anew, and
binding by address instead would reboot every node. As long as nothing shows that the ids take too much, the finding can be acknowledged there, with the reason; the
inventories of the nodes settle it. What an inventory shows cannot be acknowledged.`,
  sources: [
    { claim: '`ids=` adds dynamic ids, which match every function', url: `${LINUX}/drivers/vfio/pci/vfio_pci.c` },
    {
      claim: 'every node of a pool gets every file of the pool',
      url: `${MACHINE_CONFIG_OPERATOR}/19ba3dda6e7a34fe5f15917152271191f9adb655/pkg/controller/common/helpers.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'disks are bound before the list is read',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  nvme: { pci: ["8086:5845"], resourceName: devices.kubevirt.io/nvme }
nodePools:
  storage:
    nodes: [node03]
    passthrough: [{ device: nvme, binding: «id» }]
`),
        files: {
          'inventory/node03.yaml': exampleInventory('node03', [
            exampleFunction('0000:5e:00.0', '0108', '8086:5845', { group: 31, driver: 'nvme', free: true }),
          ]),
        },
      },
      {
        name: 'a second card of the model is not declared',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu:
    nodes: [node01]
    passthrough: [{ device: t4, addresses: ["0000:65:00.0"], binding: «id» }]
`),
        files: {
          'inventory/node01.yaml': exampleInventory('node01', [
            exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 }),
            exampleFunction('0000:b3:00.0', '0302', '10de:1eb8', { group: 60, driver: 'nvidia' }),
          ]),
        },
      },
    ],
    good: [
      {
        name: 'a MachineConfig that is adopted binds it already',
        yaml: exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu:
    nodes: [node01]
    cpuVendor: intel
    machineConfigNames: { vfio: 100-gpu-vfiopci }
    passthrough:
      - device: t4
        binding: id
        acknowledge: { pci/unsafe-id-binding: "bound like this since 2023, no other 10de:1eb8 in these servers" }
`),
        files: {
          'cluster/vfio.yaml': `
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata:
  name: 100-gpu-vfiopci
  labels: { machineconfiguration.openshift.io/role: gpu }
spec:
  config:
    ignition: { version: 3.2.0 }
    storage:
      files:
        - path: /etc/modprobe.d/vfio.conf
          contents: { source: "data:,options%20vfio-pci%20ids%3D10de%3A1eb8" }
`,
        },
      },
      {
        name: 'every card of the model, every node known',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu:
    nodes: [node01]
    passthrough: [{ device: t4, binding: id }]
`),
        files: {
          'inventory/node01.yaml': exampleInventory('node01', [
            exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 }),
          ]),
        },
      },
    ],
  },
  *check({ analysis }) {
    const lost = new Set(lostParents(analysis).map(({ entry }) => entry));
    for (const unit of analysis.units) {
      for (const choice of unit.strategies) {
        const { passthrough, againstId, shownAgainstId, strategy } = choice;
        if (strategy !== 'id') continue;
        const inherited = inheritedReasons(analysis, unit, choice);
        const reasons = [...shownAgainstId, ...inherited.shown, ...againstId, ...inherited.unknown];
        if (reasons.length === 0) continue;
        // what the host uses is pci/host-device-bound, and the cure is the same
        if (claimedById(analysis, unit, choice).some(isHostUsed)) continue;
        // mediated devices that lose their cards are mdev/parent-passed-through
        if (lost.has(passthrough)) continue;
        // a selector without form, an unknown device: said where it stands
        const ids = selectorIds(analysis.deviceByName.get(passthrough.device));
        if (ids.length === 0) continue;
        const isBoundToday = ids.every((id) => unit.adopted.ids.includes(id));
        const isUnprovenOnly = isBoundToday && shownAgainstId.length === 0 && inherited.shown.length === 0;
        const at = passthrough.binding === 'id' ? placeAt(passthrough.place, 'binding') : entryPlace(passthrough);
        yield {
          message: fitting(
            `${passthrough.device} cannot be bound by id in ${unitInWords(unit)}`,
            `device ${passthrough.device} cannot be bound by id`,
            'a device cannot be bound by id',
          ),
          primary: { at, text: passthrough.binding === 'id' ? 'asks for binding by id' : 'would be bound by id' },
          notes: [...new Set(reasons)].slice(0, 3),
          help: [
            ...(passthrough.binding === 'id' ? [] : ['set `binding: address`']),
            ...(isUnprovenOnly
              ? [
                  'add an inventory of each node: `hostdev import`',
                  `or acknowledge \`pci/unsafe-id-binding\`: ${unit.adopted.vfio?.name ?? 'the live object'} binds these ids today`,
                ]
              : []),
          ].slice(0, 2),
          ...(isUnprovenOnly ? { acknowledgeableIn: [passthrough] } : {}),
          fixes:
            passthrough.binding === 'id'
              ? [{ title: 'bind by address', safe: false, edits: [{ at, text: 'address' }] }]
              : [],
        };
      }
    }
  },
});

/** Custom pools inherit the ids of `worker`: what these would take there, and where that cannot be said. */
function inheritedReasons(
  analysis: Analysis,
  unit: PreparationUnit,
  choice: StrategyChoice,
): { readonly shown: readonly string[]; readonly unknown: readonly string[] } {
  const heirs = inheritingUnits(analysis, unit).flatMap(({ nodes }) => nodes);
  if (heirs.length === 0) return { shown: [], unknown: [] };
  const blind = heirs.filter(({ inventory }) => inventory === undefined).map(({ name }) => name);
  const names = new Set(heirs.map(({ name }) => name));
  const taken = claimedById(analysis, unit, choice).filter(
    ({ node, bindings }) => names.has(node) && bindings.length === 0,
  );
  const inherits = `custom pools inherit the ids of ${unit.name}`;
  return {
    shown: taken.length === 0 ? [] : [`${inherits}, which also match ${enumerated(taken.map(functionInWords))}`],
    unknown: blind.length === 0 ? [] : [`${inherits}: there is no inventory of ${listed(blind)}`],
  };
}
