import { gateInForce, liveKubeVirt, type AnalysedMachine } from '../../analysis';
import { gateEnabled, parseKubeVirtVersion } from '../../kubevirt';
import { exampleMachine } from '../example';
import { disabledGates, liveTexts } from '../live-kubevirt';
import {
  inSpec,
  instanceAnnotations,
  machineFindings,
  machinesAnnotated,
  machinesLike,
  machinesStating,
  specPlace,
} from '../machine-statements';
import { defineRule, type RuleInput } from '../rule';
import { KUBEVIRT } from '../sources';

const HOOKS = 'hooks.kubevirt.io/hookSidecars';

const DEDICATED = ['domain', 'cpu', 'dedicatedCpuPlacement'] as const;

export const missingGate = defineRule({
  code: 'VMI332',
  slug: 'vm/missing-gate',
  severity: 'error',
  needs: [],
  manifests: ['kubevirt'],
  concerns: ({ analysis }) =>
    machinesAnnotated(analysis, HOOKS).machines.length > 0 ||
    machinesStating(analysis, ...DEDICATED).machines.some((machine) => inSpec(machine, ...DEDICATED) === true),
  lacks: (input) => (gatesInForce(input) === undefined ? 'no live KubeVirt object' : undefined),
  summary: 'a VM uses a feature whose gate is off',
  why: `
Dedicated CPUs need the gate \`CPUManager\`: without it no node gets the label \`kubevirt.io/cpumanager=true\` that the pod selects, and the VM
stays Pending without a word. Hook sidecars need the gate \`Sidecar\`: without it virt-api refuses the VM. Both are off unless
they are listed. HyperConverged lists \`CPUManager\` by itself.`,
  sources: [
    {
      claim: 'the label hangs on the gate (isCPUManagerEnabled)',
      url: `${KUBEVIRT}/pkg/virt-handler/heartbeat/heartbeat.go`,
    },
    {
      claim: 'hooks without the gate are refused',
      url: `${KUBEVIRT}/pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'dedicated CPUs, and a list of gates without theirs',
        yaml: exampleMachine(
          `
domain:
  cpu: { cores: 4, dedicatedCpuPlacement: «true» }
  memory: { guest: 4Gi }
  devices: {}
`,
          { request: 'hostDevices: [{ name: gpu1, device: t4 }]' },
        ),
      },
    ],
    good: [
      {
        name: 'the gate is listed',
        yaml: exampleMachine(
          `
domain:
  cpu: { cores: 4, dedicatedCpuPlacement: true }
  memory: { guest: 4Gi }
  devices: {}
`,
          { kubevirt: '{ version: "1.6", featureGates: [CPUManager] }' },
        ),
      },
    ],
  },
  *check(input) {
    const help = [
      input.fleet.origin === 'manifests'
        ? 'list the gate under `featureGates` of the KubeVirt object'
        : 'list the gate under `cluster.kubevirt.featureGates`',
    ];
    const isOff = gatesKnownOff(input);
    yield* machineFindings(machinesLike(input.analysis, needsGate), function* (machine) {
      if (isOff('CPUManager') && inSpec(machine, ...DEDICATED) === true) {
        yield {
          message: (vm) => `${vm} has dedicated CPUs, and feature gate CPUManager is off`,
          at: specPlace(machine, ...DEDICATED),
          label: 'needs the gate `CPUManager`',
          notes: ['virt-handler labels no node for dedicated CPUs without it, and the pod stays Pending'],
          help,
        };
      }
      const { all, placeOf } = instanceAnnotations(machine);
      if (Object.hasOwn(all, HOOKS) && isOff('Sidecar')) {
        yield {
          message: (vm) => `${vm} has hook sidecars, and feature gate Sidecar is off`,
          at: placeOf(HOOKS),
          label: 'needs the gate `Sidecar`',
          notes: ['virt-api refuses such a VM'],
          help,
        };
      }
    });
  },
});

/** The gates in force; undefined where they are not known: hostdev writes no list, and the live one is not seen. */
function gatesInForce({ fleet, analysis }: RuleInput): readonly string[] | undefined {
  const live = liveKubeVirt(fleet);
  // HyperConverged lists gates that it is not told of
  if (fleet.origin === 'manifests') return live && fleet.cluster.kubevirt.featureGates.map(({ name }) => name);
  if (live === undefined && analysis.featureGates.length === 0) return undefined;
  const listed = liveTexts(live, 'spec', 'configuration', 'developerConfiguration', 'featureGates');
  return [...listed.map(({ text }) => text), ...analysis.featureGates];
}

function gatesKnownOff(input: RuleInput): (gate: string) => boolean {
  const { fleet, analysis } = input;
  if (fleet.cluster.kubevirt.managedBy === 'hyperconverged') {
    return (gate) => gateInForce(fleet, analysis.featureGates, gate) === false;
  }
  const featureGates = gatesInForce(input) ?? [];
  const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
  const disabledFeatureGates = disabledGates(liveKubeVirt(fleet)).map(({ text }) => text);
  return (gate) =>
    version.ok
      ? gateEnabled(version.value, { featureGates, disabledFeatureGates }, gate) !== true
      : !featureGates.includes(gate);
}

function needsGate(machine: AnalysedMachine): boolean {
  return inSpec(machine, ...DEDICATED) !== undefined || Object.hasOwn(instanceAnnotations(machine).all, HOOKS);
}
