import { poolsOf } from '../../analysis';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { machineFindings } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBERNETES } from '../sources';

const FLEET = (where: string): string =>
  exampleFleet(`
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, kubelet: { reservedSystemCPUs: "0-1" } }
virtualMachines:
  train-7:
    ${where}
    spec: { domain: { devices: {}, cpu: { cores: 4 }, memory: { guest: 4Gi } } }
`);

export const idleNumaRequest = defineRule({
  code: 'VMI514',
  slug: 'vm/idle-numa-request',
  severity: 'warning',
  needs: [],
  absentFrom: ['nodePools', 'devices'],
  summary: 'a VM asks for a policy of kubelet, and names no nodes whose kubelet would get it',
  why: `
\`numa.kubelet\` becomes a setting of the kubelets of the pools where the VM runs. These are told by its \`pool\`, its \`node\` or the devices that it asks for. A VM with none of them may run on any node of the
cluster: its CPUs are dedicated, and no kubelet is told to align them.`,
  sources: [
    {
      claim: 'the policy is one of each kubelet',
      url: `${KUBERNETES}/staging/src/k8s.io/kubelet/config/v1beta1/types.go`,
    },
  ],
  examples: {
    bad: [{ name: 'nothing says where it runs', yaml: FLEET('numa: { kubelet: «restricted» }') }],
    good: [{ name: 'a pool', yaml: FLEET('pool: gpu\n    numa: { kubelet: restricted }') }],
  },
  *check({ fleet, analysis }) {
    const asking = analysis.machines.filter(({ machine }) => machine.numa?.kubelet !== undefined);
    yield* machineFindings({ machines: asking }, function* ({ machine }) {
      const { numa, pool, node } = machine;
      // pools and nodes that there are not are findings of their own
      if (numa === undefined || pool !== undefined || node !== undefined) return;
      if (poolsOf(machine, fleet.nodePools).length > 0) return;
      yield {
        message: (vm) => `${vm} asks for a policy of kubelet that no kubelet gets`,
        at: placeAt(numa.place, 'kubelet'),
        label: 'no pool is known to run it',
        help: ['add `pool`, `node`, or a device that a pool hands over, or leave `kubelet` out'],
      };
    });
  },
});
