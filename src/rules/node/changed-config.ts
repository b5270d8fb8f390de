import { keepsIds, type PreparationUnit } from '../../analysis';
import { placeAt, type Place } from '../../source';
import { exampleFleet } from '../example';
import { defineRule, type FleetFinding } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';
import { enumerated, fitting, fittingLabel } from '../words';

const FLEET = (name: string, binding: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu:
    nodes: [node01]
    cpuVendor: intel
    machineConfigNames: { vfio: ${name} }
    passthrough: [{ device: t4, ${binding} }]
`);

const LIVE = `
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
`;

export const changedConfig = defineRule({
  code: 'NOD491',
  slug: 'node/changed-config',
  severity: 'info',
  needs: ['current'],
  concerns: ({ analysis }) =>
    analysis.units.some(({ adopted }) => adopted.kernelArguments !== undefined || adopted.vfio !== undefined),
  summary: 'a MachineConfig that is adopted does something else than it does today',
  why: `
A MachineConfig whose name is kept is written as it stands, as long as it does what the fleet asks for. Where the fleet binds by address what it binds by id, drops
or adds an id, or has other kernel arguments or another order of them, it is a change like any other: every node of the pool is drained and rebooted, the order
of arguments included. \`hostdev plan\` shows what that reaches.`,
  sources: [
    {
      claim: 'kernel arguments are compared as a list',
      url: `${MACHINE_CONFIG_OPERATOR}/3b7ffc348eb7d127bf570c64f75c6d90f65408e0/pkg/daemon/update.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'bound by address from now on',
        yaml: FLEET('«100-gpu-vfiopci»', 'addresses: ["0000:65:00.0"]'),
        files: { 'cluster/vfio.yaml': LIVE },
      },
    ],
    good: [
      {
        name: 'bound as it is',
        yaml: FLEET(
          '100-gpu-vfiopci',
          'binding: id, acknowledge: { pci/unsafe-id-binding: "no other card of this id is in these servers" }',
        ),
        files: { 'cluster/vfio.yaml': LIVE },
      },
    ],
  },
  *check({ analysis }) {
    for (const unit of analysis.units) {
      const { adopted } = unit;
      if (adopted.vfio !== undefined && adopted.idFile !== undefined) {
        const notes = changedIds(unit);
        if (notes.length > 0) yield finding(unit, 'vfio', adopted.vfio.name, notes, adopted.idFile.place);
      }
      if (adopted.kernelArguments !== undefined) {
        const notes = changedArguments(unit);
        const { name, object } = adopted.kernelArguments;
        if (notes.length > 0) yield finding(unit, 'kernelArguments', name, notes, object.place);
      }
    }
  },
});

function finding(
  unit: PreparationUnit,
  purpose: 'kernelArguments' | 'vfio',
  name: string,
  notes: readonly string[],
  live: Place,
): FleetFinding {
  const pool = unit.pools.find(({ machineConfigNames }) => machineConfigNames[purpose] !== undefined);
  return {
    message: fitting(
      `MachineConfig ${name} of machine config pool ${unit.name} changes`,
      `MachineConfig ${name} changes`,
      'a MachineConfig that is adopted changes',
    ),
    primary: {
      at: pool === undefined ? live : placeAt(pool.place, 'machineConfigNames', purpose),
      text: 'written otherwise than it is live',
    },
    secondary: [{ at: live, text: fittingLabel(`${name} today`, 'what it is today') }],
    notes: [...notes, 'the machine-config-operator drains and reboots every node of the pool'],
  };
}

function changedIds({ adopted, effects }: PreparationUnit): string[] {
  if (keepsIds(adopted, effects.ids)) return [];
  const [live, own] = [new Set<string>(adopted.ids), new Set<string>(effects.ids)];
  const dropped = [...live].filter((id) => !own.has(id));
  const added = [...own].filter((id) => !live.has(id));
  return [
    ...(dropped.length === 0 ? [] : [`vfio-pci claims ${enumerated(dropped)} by id today, and no longer will`]),
    ...(added.length === 0 ? [] : [`vfio-pci will claim ${enumerated(added)} by id, and does not today`]),
  ];
}

function changedArguments({ adopted, effects }: PreparationUnit): string[] {
  const live = [adopted.kernelArguments, adopted.vfio === adopted.kernelArguments ? undefined : adopted.vfio].flatMap(
    (config) => config?.kernelArguments.map(({ text }) => text) ?? [],
  );
  const own = effects.kernelArguments.map(({ argument }) => argument);
  const dropped = live.filter((argument) => !own.includes(argument));
  const added = own.filter((argument) => !live.includes(argument));
  const shown = (list: readonly string[]): string => enumerated(list.map((argument) => `\`${argument}\``));
  const first = (adopted.kernelArguments?.kernelArguments ?? []).map(({ text }) => text);
  const kept = own.filter((argument) => first.includes(argument));
  return [
    ...(dropped.length === 0 ? [] : [`the nodes lose ${shown(dropped)}`]),
    ...(added.length === 0 ? [] : [`the nodes get ${shown(added)}`]),
    ...(dropped.length + added.length === 0 && kept.join(' ') !== first.join(' ')
      ? ['the kernel arguments come in another order']
      : []),
  ];
}
