import type { AnalysedMachine } from '../../analysis';
import { instancetypeOf, instancetypeReference, jsonAt, type CurrentObject } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { hasInstancetype, inSpec, machineFindings, specPlace, type MachineStatement } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

const FLEET = (spec: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
virtualMachines:
  train-7:
    instancetype: { name: gpu.large }
    ${spec}
`);

const INSTANCETYPE = {
  'cluster/instancetype.yaml': `
apiVersion: instancetype.kubevirt.io/v1beta1
kind: VirtualMachineClusterInstancetype
metadata: { name: gpu.large }
spec:
  cpu: { guest: 8 }
  memory: { guest: 32Gi }
  gpus: [{ name: gpu1, deviceName: example.com/t4 }]
`,
};

export const conflictingInstancetype = defineRule({
  code: 'VMI339',
  slug: 'vm/conflicting-instancetype',
  severity: 'error',
  needs: [],
  manifests: [],
  lacksPartly: ({ fleet }) => {
    const unseen = fleet.virtualMachines.filter(
      (machine) => instancetypeOf(fleet.instancetypes, machine) === undefined,
    );
    const names = unseen.flatMap((machine) => instancetypeReference(machine, 'instancetype')?.name ?? []);
    return [...new Set(names)].map((name) => `the instancetype ${name}`);
  },
  summary: 'a VM states what its instancetype states too',
  why: `
What an instancetype and a VM say is not merged. The number of CPUs and the memory are always the instancetype's: a VM that states its own is refused, "conflicts with selected instance type". So is
one that lists \`gpus\` or \`hostDevices\` where the instancetype lists them, or that states another field which the instancetype states. One of the two must own each.`,
  sources: [
    {
      claim: 'lists on both sides are a conflict',
      url: `${KUBEVIRT}/pkg/instancetype/apply/gpu.go`,
    },
    {
      claim: 'CPUs on both sides are a conflict (validateCPU)',
      url: `${KUBEVIRT}/pkg/instancetype/apply/cpu.go`,
    },
    {
      claim: 'memory on both sides is a conflict',
      url: `${KUBEVIRT}/pkg/instancetype/apply/memory.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'both bring the GPU',
        yaml: FLEET(`gpus: [{ name: gpu1, device: «t4» }]
    spec: { domain: { devices: {} } }`),
        files: INSTANCETYPE,
      },
      {
        name: 'a node beside a node selector',
        yaml: FLEET(`node: «node01»
    spec: { domain: { devices: {} } }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: t4, addresses: ["0000:65:00.0"] }] }`),
        files: {
          'cluster/instancetype.yaml': INSTANCETYPE['cluster/instancetype.yaml'].replace(
            'memory:',
            'nodeSelector: { gpu: "yes" }\n  memory:',
          ),
        },
      },
      {
        name: 'both say how many CPUs there are',
        yaml: FLEET(`spec: { domain: { devices: {}, cpu: { cores: «4» } } }`),
        files: INSTANCETYPE,
      },
    ],
    good: [
      {
        name: 'the instancetype brings it',
        yaml: FLEET(`spec: { domain: { devices: {} } }`),
        files: INSTANCETYPE,
      },
    ],
  },
  *check({ fleet, analysis }) {
    yield* machineFindings(analysis, function* (machine) {
      if (!hasInstancetype(machine)) return;
      const instancetype = instancetypeOf(fleet.instancetypes, machine.machine);
      yield* bothListDevices(machine, instancetype);
      yield* bothState(machine, instancetype);
    });
  },
});

function* bothListDevices(
  { machine }: AnalysedMachine,
  instancetype: CurrentObject | undefined,
): Iterable<MachineStatement> {
  if (instancetype === undefined) return;
  for (const list of ['gpus', 'hostDevices'] as const) {
    const [own] = machine[list];
    const theirs = jsonAt(instancetype.content, 'spec', list);
    if (own === undefined || !Array.isArray(theirs) || theirs.length === 0) continue;
    yield {
      message: (vm) => `${vm} and its instancetype both list \`${list}\``,
      at: placeAt(own.place, own.device === undefined ? 'deviceName' : 'device'),
      label: `\`${list}\` of the VM`,
      secondary: [{ at: placeAt(instancetype.place, 'spec', list), text: `\`${list}\` of the instancetype` }],
      notes: ['virt-api refuses such a VM'],
      help: ['leave the list to one of them'],
    };
  }
}

/** Fields of a VM that no instancetype leaves to it: every one has CPUs and memory. */
const ALWAYS_THEIRS: readonly (readonly string[])[] = [
  ['domain', 'cpu', 'sockets'],
  ['domain', 'cpu', 'cores'],
  ['domain', 'cpu', 'threads'],
  ['domain', 'memory', 'guest'],
  ['domain', 'resources', 'requests', 'cpu'],
  ['domain', 'resources', 'limits', 'cpu'],
  ['domain', 'resources', 'requests', 'memory'],
  ['domain', 'resources', 'limits', 'memory'],
];

/** Fields of a VM that are refused where the instancetype has its own, by the instancetype's name for them. */
const THEIRS_WHERE_STATED: readonly { readonly own: readonly string[]; readonly theirs: readonly string[] }[] = [
  { own: ['domain', 'cpu', 'model'], theirs: ['cpu', 'model'] },
  { own: ['domain', 'cpu', 'dedicatedCpuPlacement'], theirs: ['cpu', 'dedicatedCPUPlacement'] },
  { own: ['domain', 'cpu', 'isolateEmulatorThread'], theirs: ['cpu', 'isolateEmulatorThread'] },
  { own: ['domain', 'cpu', 'numa'], theirs: ['cpu', 'numa'] },
  { own: ['domain', 'cpu', 'realtime'], theirs: ['cpu', 'realtime'] },
  { own: ['domain', 'memory', 'hugepages'], theirs: ['memory', 'hugepages'] },
  { own: ['domain', 'memory', 'maxGuest'], theirs: ['memory', 'maxGuest'] },
  { own: ['nodeSelector'], theirs: ['nodeSelector'] },
];

function* bothState(machine: AnalysedMachine, instancetype: CurrentObject | undefined): Iterable<MachineStatement> {
  const isOwn = (path: readonly string[]): boolean => {
    const value = inSpec(machine, ...path);
    // zero and false are what is not written
    return value !== undefined && value !== null && value !== 0 && value !== false;
  };
  const always = ALWAYS_THEIRS.find(isOwn);
  const stated =
    instancetype === undefined
      ? undefined
      : THEIRS_WHERE_STATED.find(
          ({ own, theirs }) => isOwn(own) && jsonAt(instancetype.content, 'spec', ...theirs) !== undefined,
        );
  const own = always ?? stated?.own;
  const theirSelector = instancetype && jsonAt(instancetype.content, 'spec', 'nodeSelector');
  if (own === undefined && machine.machine.node !== undefined && theirSelector !== undefined) {
    yield {
      message: (vm) => `${vm} has a \`node\`, and its instancetype a node selector`,
      at: placeAt(machine.machine.place, 'node'),
      label: 'becomes a node selector of the VM',
      secondary: [
        { at: placeAt(instancetype?.place ?? machine.machine.place, 'spec', 'nodeSelector'), text: 'the other one' },
      ],
      notes: ['virt-api refuses such a VM'],
      help: ['leave `node` out, or name another instancetype'],
    };
  }
  if (own === undefined) return;
  const name = own.at(-1) ?? '';
  yield {
    message: (vm) => `${vm} states \`${name}\`, which its instancetype has`,
    at: specPlace(machine, ...own),
    label: 'belongs to the instancetype',
    secondary:
      always !== undefined || stated === undefined || instancetype === undefined
        ? [{ at: placeAt(machine.machine.place, 'instancetype'), text: 'the instancetype' }]
        : [{ at: placeAt(instancetype.place, 'spec', ...stated.theirs), text: "the instancetype's" }],
    notes: ['virt-api refuses such a VM'],
    help: ['remove it from the VM'],
  };
}
