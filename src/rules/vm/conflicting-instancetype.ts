import type { AnalysedMachine } from '../../analysis';
import {
  alwaysInstancetypeOwned,
  instancetypeOwnedFields,
  isStated,
  NEWEST_RELEASE,
  parseKubeVirtVersion,
  type KubeVirtRelease,
} from '../../kubevirt';
import {
  instanceAnnotations as ownAnnotations,
  instancetypeOf,
  instancetypeReference,
  jsonAt,
  type CurrentObject,
  type JsonValue,
} from '../../model';
import { placeAt, type Place } from '../../source';
import { exampleFleet } from '../example';
import { hasInstancetype, instanceAnnotations, machineFindings, type MachineStatement } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

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

/** The instancetype with one field more. */
const WITH = (field: string): typeof INSTANCETYPE => ({
  'cluster/instancetype.yaml': INSTANCETYPE['cluster/instancetype.yaml'].replace('memory:', `${field}\n  memory:`),
});

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
one that lists \`gpus\` or \`hostDevices\` where the instancetype lists them, or that states another field which the instancetype states, an annotation of another value included. One of the two must
own each. Before KubeVirt 1.7 such a VM may have no \`memory\` at all, not even hugepages.`,
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
    {
      claim: 'any memory of the VM was one until 1.6',
      url: 'https://github.com/kubevirt/kubevirt/blob/v1.6.0/pkg/instancetype/apply/memory.go',
    },
    {
      claim: 'annotations of two values are a conflict',
      url: `${KUBEVIRT}/pkg/instancetype/apply/annotations.go`,
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
        files: WITH('nodeSelector: { gpu: "yes" }'),
      },
      {
        name: 'both say how many CPUs there are',
        yaml: FLEET(`spec: { domain: { devices: {}, cpu: { cores: «4» } } }`),
        files: INSTANCETYPE,
      },
      {
        name: 'hugepages of the VM, before 1.7',
        yaml: FLEET(`spec: { domain: { devices: {}, memory: «{ hugepages: { pageSize: 2Mi } }» } }`),
        files: INSTANCETYPE,
      },
      {
        name: 'a scheduler of each',
        yaml: FLEET(`spec: { schedulerName: «volcano», domain: { devices: {} } }`),
        files: WITH('schedulerName: gang'),
      },
      {
        name: 'an annotation of another value',
        yaml: FLEET(`templateMetadata: { annotations: { example.com/tier: «gold» } }
    spec: { domain: { devices: {} } }`),
        files: WITH('annotations: { example.com/tier: silver }'),
      },
    ],
    good: [
      {
        name: 'what the instancetype leaves to the VM',
        yaml: FLEET(`templateMetadata: { annotations: { example.com/tier: gold } }
    spec: { domain: { devices: {}, cpu: { model: host-passthrough }, ioThreadsPolicy: auto } }`),
        files: WITH('annotations: { example.com/tier: gold }'),
      },
      {
        name: 'hugepages of the VM, from 1.7 on',
        yaml: FLEET(`spec: { domain: { devices: {}, memory: { hugepages: { pageSize: 2Mi } } } }`).replace(
          '"1.6"',
          '"1.7"',
        ),
        files: INSTANCETYPE,
      },
      {
        name: 'the instancetype brings it',
        yaml: FLEET(`spec: { domain: { devices: {} } }`),
        files: INSTANCETYPE,
      },
    ],
  },
  *check({ fleet, analysis }) {
    const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
    const release = version.ok ? version.value.release : NEWEST_RELEASE;
    yield* machineFindings(analysis, function* (machine) {
      if (!hasInstancetype(machine)) return;
      const instancetype = instancetypeOf(fleet.instancetypes, machine.machine);
      yield* bothListDevices(machine, instancetype);
      yield* bothState(release, machine, instancetype);
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

/** A field that only one of the two may have. */
interface Clash {
  readonly name: string;
  readonly at: Place;
  /** What the instancetype says; undefined: it is a field that every instancetype has. */
  readonly theirs: Place | undefined;
}

function* bothState(
  release: KubeVirtRelease,
  machine: AnalysedMachine,
  instancetype: CurrentObject | undefined,
): Iterable<MachineStatement> {
  const [clash] = clashes(release, machine, instancetype);
  const theirSelector = instancetype && jsonAt(instancetype.content, 'spec', 'nodeSelector');
  if (clash === undefined && machine.machine.node !== undefined && theirSelector !== undefined) {
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
  if (clash === undefined) return;
  yield {
    message: (vm) =>
      fitting(`${vm} states \`${clash.name}\`, which its instancetype has`, `${vm} states what its instancetype has`),
    at: clash.at,
    label: 'belongs to the instancetype',
    secondary: [
      clash.theirs === undefined
        ? { at: placeAt(machine.machine.place, 'instancetype'), text: 'the instancetype' }
        : { at: clash.theirs, text: "the instancetype's" },
    ],
    notes: ['virt-api refuses such a VM'],
    help: ['remove it from the VM'],
  };
}

function* clashes(
  release: KubeVirtRelease,
  machine: AnalysedMachine,
  instancetype: CurrentObject | undefined,
): Iterable<Clash> {
  const { spec, specPlace } = machine.machine;
  for (const path of alwaysInstancetypeOwned(release)) {
    if (isStated(jsonAt(spec, ...path)))
      yield { name: path.at(-1) ?? '', at: placeAt(specPlace, ...path), theirs: undefined };
  }
  if (instancetype === undefined) return;
  for (const { own, theirs } of instancetypeOwnedFields(release)) {
    if (isStated(jsonAt(spec, ...own)) && isSaid(jsonAt(instancetype.content, 'spec', ...theirs))) {
      const at = placeAt(instancetype.place, 'spec', ...theirs);
      yield { name: own.at(-1) ?? '', at: placeAt(specPlace, ...own), theirs: at };
    }
  }
  const theirs = jsonAt(instancetype.content, 'spec', 'annotations');
  for (const [name, value] of Object.entries(ownAnnotations(machine.machine))) {
    const other = jsonAt(theirs, name);
    if (other === undefined || other === value) continue;
    const at = placeAt(instancetype.place, 'spec', 'annotations', name);
    yield { name, at: instanceAnnotations(machine).placeOf(name), theirs: at };
  }
}

/** Whether an instancetype says anything: \`false\` is said too, an empty text is not. */
function isSaid(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
}
