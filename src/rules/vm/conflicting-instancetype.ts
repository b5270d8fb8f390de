import type { AnalysedMachine } from '../../analysis';
import { isJsonObject, jsonAt, type CurrentObject, type Fleet } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { machineFindings } from '../machine-statements';
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
  summary: 'a VM lists devices that its instancetype lists too',
  why: `
The lists of an instancetype and of a VM are not merged: where both have \`gpus\`, or both have \`hostDevices\`, the VM is refused, "conflicts with selected
instance type". One of the two must own the list.`,
  sources: [
    {
      claim: 'lists on both sides are a conflict',
      url: `${KUBEVIRT}/pkg/instancetype/apply/gpu.go`,
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
    const known = instancetypes(fleet);
    if (known.size === 0) return;
    yield* machineFindings(analysis, function* (machine) {
      const instancetype = known.get(referenceOf(machine) ?? '');
      if (instancetype === undefined) return;
      for (const list of ['gpus', 'hostDevices'] as const) {
        const own = machine.requests.find((asked) => asked.list === list);
        const theirs = jsonAt(instancetype.content, 'spec', list);
        if (own === undefined || !Array.isArray(theirs) || theirs.length === 0) continue;
        yield {
          message: (vm) => `${vm} and its instancetype both list \`${list}\``,
          at: placeAt(own.request.place, own.request.device === undefined ? 'deviceName' : 'device'),
          label: `\`${list}\` of the VM`,
          secondary: [{ at: placeAt(instancetype.place, 'spec', list), text: `\`${list}\` of the instancetype` }],
          notes: ['virt-api refuses such a VM'],
          help: ['leave the list to one of them'],
        };
      }
    });
  },
});

/** Instancetypes by namespace and name; those for the whole cluster have no namespace. */
function instancetypes({ cluster }: Fleet): Map<string, CurrentObject> {
  const found = new Map<string, CurrentObject>();
  for (const object of cluster.current ?? []) {
    if (object.kind === 'VirtualMachineClusterInstancetype') found.set(`/${object.name}`, object);
    if (object.kind === 'VirtualMachineInstancetype')
      found.set(`${object.namespace ?? 'default'}/${object.name}`, object);
  }
  return found;
}

/** What the instancetype of a VM is found by; a reference without kind is to one for the whole cluster. */
function referenceOf({ machine }: AnalysedMachine): string | undefined {
  const reference = machine.machine['instancetype'];
  if (!isJsonObject(reference) || typeof reference['name'] !== 'string') return undefined;
  const kind = typeof reference['kind'] === 'string' ? reference['kind'].toLowerCase() : '';
  const isOfNamespace = kind === 'virtualmachineinstancetype' || kind === 'virtualmachineinstancetypes';
  return `${isOfNamespace ? machine.namespace : ''}/${reference['name']}`;
}
