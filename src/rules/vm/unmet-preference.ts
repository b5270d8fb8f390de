import { instancetypeOf, instancetypeReference, jsonAt, parseQuantity, type JsonValue } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { hasInstancetype, inSpec, machineFindings, specPlace } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

const FLEET = (name: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
virtualMachines:
  train-7:
    instancetype: { name: ${name} }
    preference: { name: windows.11 }
    spec: { domain: { devices: {} } }
`);

const FILES = {
  'cluster/types.yaml': `
apiVersion: instancetype.kubevirt.io/v1beta1
kind: VirtualMachineClusterInstancetype
metadata: { name: small }
spec: { cpu: { guest: 1 }, memory: { guest: 8Gi } }
---
apiVersion: instancetype.kubevirt.io/v1beta1
kind: VirtualMachineClusterInstancetype
metadata: { name: large }
spec: { cpu: { guest: 4 }, memory: { guest: 8Gi } }
---
apiVersion: instancetype.kubevirt.io/v1beta1
kind: VirtualMachineClusterPreference
metadata: { name: windows.11 }
spec: { requirements: { cpu: { guest: 2 }, memory: { guest: 4Gi } } }
`,
};

export const unmetPreference = defineRule({
  code: 'VMI506',
  slug: 'vm/unmet-preference',
  severity: 'error',
  needs: [],
  manifests: [],
  lacksPartly: ({ fleet }) => {
    const unseen = fleet.virtualMachines.filter(
      (machine) => instancetypeOf(fleet.instancetypes, machine, 'preference') === undefined,
    );
    const names = unseen.flatMap((machine) => instancetypeReference(machine, 'preference')?.name ?? []);
    return [...new Set(names)].map((name) => `the preference ${name}`);
  },
  summary: 'a VM has fewer CPUs or less memory than its preference requires',
  why: `
A preference may require a number of CPUs and an amount of memory. KubeVirt compares them with the instancetype, and the memory of a VM without one with what the VM states, and refuses
what is less: "insufficient CPU resources", "insufficient Memory resources".`,
  sources: [
    { claim: 'memory', url: `${KUBEVIRT}/pkg/instancetype/preference/requirements/memory.go` },
    { claim: 'CPUs', url: `${KUBEVIRT}/pkg/instancetype/preference/requirements/cpu.go` },
  ],
  examples: {
    bad: [{ name: 'one CPU of two', yaml: FLEET('«small»'), files: FILES }],
    good: [{ name: 'enough of both', yaml: FLEET('large'), files: FILES }],
  },
  *check({ fleet, analysis }) {
    if (fleet.instancetypes.length === 0) return;
    yield* machineFindings(analysis, function* (machine) {
      const preference = instancetypeOf(fleet.instancetypes, machine.machine, 'preference');
      if (preference === undefined) return;
      const instancetype = instancetypeOf(fleet.instancetypes, machine.machine);
      for (const part of ['cpu', 'memory'] as const) {
        const required = amount(jsonAt(preference.content, 'spec', 'requirements', part, 'guest'));
        // how many CPUs a VM without an instancetype counts hangs on the topology that the preference prefers
        const own = hasInstancetype(machine) || part === 'cpu' ? undefined : inSpec(machine, 'domain', part, 'guest');
        const given = amount(jsonAt(instancetype?.content, 'spec', part, 'guest') ?? own);
        if (required === undefined || given === undefined || given >= required) continue;
        yield {
          message: (vm) => `${vm} has ${part === 'cpu' ? 'fewer CPUs' : 'less memory'} than its preference requires`,
          at:
            instancetype === undefined
              ? specPlace(machine, 'domain', part, 'guest')
              : placeAt(machine.machine.place, 'instancetype', 'name'),
          label: instancetype === undefined ? 'less than is required' : 'has less than is required',
          secondary: [
            {
              at: placeAt(preference.place, 'spec', 'requirements', part, 'guest'),
              text: 'what the preference requires',
            },
          ],
          notes: ['virt-api refuses such a VM'],
          help: ['name a larger instancetype, or another preference'],
        };
      }
    });
  },
});

function amount(value: JsonValue | undefined): number | undefined {
  const quantity = parseQuantity(value);
  return quantity.ok ? quantity.value : undefined;
}
