import { gateInForce, liveKubeVirt, type AnalysedMachine } from '../../analysis';
import { behaves, gateEnabled, parseKubeVirtVersion } from '../../kubevirt';
import { jsonAt } from '../../model';
import { placeAt } from '../../source';
import { onlyOtherArchitectures, statedArchitecture } from '../architectures';
import { exampleFleet, exampleMachine } from '../example';
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

const otherArchitecture = (architecture: string, gates = ''): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.7"${gates} }, current: cluster/ }
devices:
  gh200: { pci: ["10de:2342"], resourceName: example.com/gh200, externalResourceProvider: true }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: gh200 }]
    spec: { architecture: ${architecture}, domain: { devices: {}, memory: { guest: 4Gi } } }
`);

const AMD64 = {
  'cluster/kubevirt.yaml': `
apiVersion: kubevirt.io/v1
kind: KubeVirt
metadata: { name: kubevirt, namespace: kubevirt }
spec: {}
status: { defaultArchitecture: amd64 }
`,
};

export const missingGate = defineRule({
  code: 'VMI332',
  slug: 'vm/missing-gate',
  severity: 'error',
  needs: [],
  manifests: ['kubevirt'],
  concerns: ({ analysis }) =>
    machinesAnnotated(analysis, HOOKS).machines.length > 0 ||
    machinesStating(analysis, 'architecture').machines.length > 0 ||
    analysis.machines.some(isReceiver) ||
    machinesStating(analysis, ...DEDICATED).machines.some((machine) => inSpec(machine, ...DEDICATED) === true),
  lacks: (input) => (gatesInForce(input) === undefined ? 'no live KubeVirt object' : undefined),
  summary: 'a VM uses a feature whose gate is off',
  why: `
Dedicated CPUs need the gate \`CPUManager\`: without it no node gets the label \`kubevirt.io/cpumanager=true\` that the pod selects, and the VM
stays Pending without a word. Hook sidecars need the gate \`Sidecar\`, and through KubeVirt 1.7 an \`architecture\` other than that of the
control plane needs \`MultiArchitecture\`, and \`runStrategy: WaitAsReceiver\` needs \`DecentralizedLiveMigration\`: without them virt-api refuses the VM. All are off unless they are listed. HyperConverged lists
\`CPUManager\` by itself.`,
  sources: [
    {
      claim: 'the label hangs on the gate (isCPUManagerEnabled)',
      url: `${KUBEVIRT}/pkg/virt-handler/heartbeat/heartbeat.go`,
    },
    {
      claim: 'hooks without the gate are refused',
      url: `${KUBEVIRT}/pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go`,
    },
    {
      claim: 'WaitAsReceiver without the gate is refused (validateRunStrategy)',
      url: `${KUBEVIRT}/pkg/virt-api/webhooks/validating-webhook/admitters/vms-admitter.go`,
    },
    {
      claim: 'another architecture without the gate is refused (validateArchitecture)',
      url: 'https://github.com/kubevirt/kubevirt/blob/v1.7.0/pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go',
    },
    {
      claim: 'no longer from 1.8 on',
      url: 'https://github.com/kubevirt/kubevirt/blob/v1.8.0/pkg/virt-config/featuregate/inactive.go',
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
      {
        name: 'a VM that receives another cluster’s',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
virtualMachines:
  train-7:
    runStrategy: «WaitAsReceiver»
    hostDevices: [{ name: gpu1, device: t4 }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
      },
      {
        name: 'a VM for arm64 where the control plane is amd64',
        yaml: otherArchitecture('«arm64»'),
        files: AMD64,
      },
    ],
    good: [
      {
        name: 'an architecture, with the gate',
        yaml: otherArchitecture('arm64', ', featureGates: [MultiArchitecture]'),
        files: AMD64,
      },
      { name: 'the architecture of the control plane', yaml: otherArchitecture('amd64'), files: AMD64 },

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
    const controlPlane = checkedArchitecture(input);
    yield* machineFindings(machinesLike(input.analysis, needsGate), function* (machine) {
      if (inSpec(machine, ...DEDICATED) === true && isOff('CPUManager')) {
        yield {
          message: (vm) => `${vm} has dedicated CPUs, and feature gate CPUManager is off`,
          at: specPlace(machine, ...DEDICATED),
          label: 'needs the gate `CPUManager`',
          notes: ['virt-handler labels no node for dedicated CPUs without it, and the pod stays Pending'],
          help,
        };
      }
      const architecture = statedArchitecture(machine);
      if (
        controlPlane !== undefined &&
        architecture !== undefined &&
        architecture !== controlPlane &&
        // one that cannot run there at all is another finding: vm/other-architecture
        onlyOtherArchitectures(machine, architecture).size === 0 &&
        isOff('MultiArchitecture')
      ) {
        yield {
          message: (vm) => `${vm} is for ${architecture}, and feature gate MultiArchitecture is off`,
          at: specPlace(machine, 'architecture'),
          label: 'needs the gate `MultiArchitecture`',
          notes: [`virt-api on ${controlPlane} refuses such a VM`],
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
    if (!isOff('DecentralizedLiveMigration')) return;
    yield* machineFindings({ machines: input.analysis.machines.filter(isReceiver) }, function* (machine) {
      yield {
        message: (vm) => `${vm} waits as a receiver, and DecentralizedLiveMigration is off`,
        at: placeAt(machine.machine.place, 'runStrategy'),
        label: 'needs the gate `DecentralizedLiveMigration`',
        notes: ['virt-api refuses such a VM'],
        help,
      };
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
  return (
    inSpec(machine, ...DEDICATED) !== undefined ||
    inSpec(machine, 'architecture') !== undefined ||
    Object.hasOwn(instanceAnnotations(machine).all, HOOKS)
  );
}

function isReceiver({ machine }: AnalysedMachine): boolean {
  return machine.machine['runStrategy'] === 'WaitAsReceiver';
}

/**
 * The architecture that virt-api compares with, its own, where the release compares and the live object shows it: the default that
 * virt-operator found, unless somebody chose one.
 */
function checkedArchitecture({ fleet }: RuleInput): string | undefined {
  const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
  if (!version.ok || behaves(version.value, 'any-architecture')) return undefined;
  const live = liveKubeVirt(fleet)?.content;
  if (jsonAt(live, 'spec', 'configuration', 'architectureConfiguration', 'defaultArchitecture') !== undefined)
    return undefined;
  const architecture = jsonAt(live, 'status', 'defaultArchitecture');
  return typeof architecture === 'string' && architecture !== '' ? architecture : undefined;
}
