import type { AnalysedMachine } from '../../analysis';
import { instancetypeOf, instancetypeReference, jsonAt } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { hasInstancetype, inSpec, machineFindings, specPlace, type MachineStatement } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBERNETES, KUBEVIRT } from '../sources';

const FLEET = (machine: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, kubelet: { reservedSystemCPUs: "0-1" } }
virtualMachines:
  train-7:
    pool: gpu
    numa: { kubelet: restricted }
    ${machine}
`);

const INSTANCETYPE = (cpu: string): Record<string, string> => ({
  'cluster/instancetype.yaml': `
apiVersion: instancetype.kubevirt.io/v1beta1
kind: VirtualMachineClusterInstancetype
metadata: { name: gpu.large }
spec:
  cpu: { guest: 8${cpu} }
  memory: { guest: 32Gi }
`,
});

export const contradictedNuma = defineRule({
  code: 'VMI504',
  slug: 'vm/contradicted-numa',
  severity: 'error',
  needs: [],
  lacksPartly: ({ fleet }) => {
    const asking = fleet.virtualMachines.filter(({ numa }) => numa !== undefined);
    const unseen = asking.filter((machine) => instancetypeOf(fleet.instancetypes, machine) === undefined);
    const names = unseen.flatMap((machine) => instancetypeReference(machine, 'instancetype')?.name ?? []);
    return [...new Set(names)].map((name) => `the instancetype ${name}`);
  },
  concerns: ({ fleet }) => fleet.virtualMachines.some(({ numa }) => numa !== undefined),
  summary: 'the spec of a VM contradicts what the VM asks for under `numa`',
  why: `
Every request about NUMA nodes takes CPUs that are the VM's own: kubelet gives shared CPUs from any NUMA node, and KubeVirt maps the guest's cells from dedicated ones. A spec that says
\`dedicatedCpuPlacement: false\` is kept as it is, and the request does nothing. What an instancetype states about CPUs holds: KubeVirt refuses a VM that states it too. One that no
object shows may state anything, so nothing is added to its VM.`,
  sources: [
    {
      claim: 'CPUs are taken from where the hints are for whole CPUs of guaranteed pods',
      url: `${KUBERNETES}/pkg/kubelet/cm/cpumanager/policy_static.go`,
    },
    { claim: 'fields of both are refused', url: `${KUBEVIRT}/pkg/instancetype/apply/cpu.go` },
  ],
  examples: {
    bad: [
      {
        name: 'shared CPUs',
        yaml: FLEET(
          'spec: { domain: { devices: {}, cpu: { cores: 4, dedicatedCpuPlacement: «false» }, memory: { guest: 4Gi } } }',
        ),
        files: INSTANCETYPE(', dedicatedCPUPlacement: false'),
      },
      {
        name: 'an instancetype of shared CPUs',
        yaml: FLEET(`instancetype: { name: «gpu.large» }
    spec: { domain: { devices: {} } }`),
        files: INSTANCETYPE(', dedicatedCPUPlacement: false'),
      },
    ],
    good: [
      {
        name: 'added',
        yaml: FLEET('spec: { domain: { devices: {}, cpu: { cores: 4 }, memory: { guest: 4Gi } } }'),
        files: INSTANCETYPE(', dedicatedCPUPlacement: false'),
      },
      {
        name: 'an instancetype of dedicated CPUs',
        yaml: FLEET(`instancetype: { name: gpu.large }
    spec: { domain: { devices: {} } }`),
        files: INSTANCETYPE(', dedicatedCPUPlacement: true'),
      },
      {
        name: 'an instancetype that leaves it to the VM',
        yaml: FLEET(`instancetype: { name: gpu.large }
    spec: { domain: { devices: {} } }`),
        files: INSTANCETYPE(''),
      },
    ],
  },
  *check({ fleet, analysis }) {
    yield* machineFindings(analysis, function* (machine) {
      const { numa } = machine.machine;
      if (numa === undefined) return;
      const asked = { at: numa.place, text: 'asks for dedicated CPUs' };
      if (!hasInstancetype(machine)) {
        yield* inOwnSpec(machine, asked);
        return;
      }
      const instancetype = instancetypeOf(fleet.instancetypes, machine.machine);
      if (instancetype === undefined) return;
      const cpu = jsonAt(instancetype.content, 'spec', 'cpu');
      // what it does not state the VM has of its own
      const isMapped = !numa.guestMapping || jsonAt(cpu, 'numa', 'guestMappingPassthrough') !== undefined;
      if (jsonAt(cpu, 'dedicatedCPUPlacement') !== false && (isMapped || jsonAt(cpu, 'numa') === undefined)) return;
      yield {
        message: (vm) => `the instancetype of ${vm} does not set what \`numa\` asks for`,
        at: placeAt(machine.machine.place, 'instancetype', 'name'),
        label: isMapped ? 'its CPUs are shared' : 'it does not map NUMA nodes',
        secondary: [asked, { at: placeAt(instancetype.place, 'spec', 'cpu'), text: 'the CPUs of the instancetype' }],
        notes: ['virt-api refuses a VM that states what its instancetype states'],
        help: ['name an instancetype that dedicates CPUs, or leave `numa` out'],
      };
    });
  },
});

function* inOwnSpec(
  machine: AnalysedMachine,
  asked: NonNullable<MachineStatement['secondary']>[number],
): Iterable<MachineStatement> {
  if (inSpec(machine, 'domain', 'cpu', 'dedicatedCpuPlacement') === true) return;
  yield {
    message: (vm) => `${vm} shares its CPUs, and asks for NUMA nodes`,
    at: specPlace(machine, 'domain', 'cpu', 'dedicatedCpuPlacement'),
    label: 'kept as it is',
    secondary: [asked],
    notes: ['shared CPUs come from any NUMA node'],
    help: ['remove it, or remove `numa`'],
  };
}
