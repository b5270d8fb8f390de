import { gpuWorkloadOf, type AnalysedFunction, type Analysis } from '../../analysis';
import { placeAt, type Place } from '../../source';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { boundBy, entryPlace, functionInWords } from '../functions';
import { isNvidiaGpu } from '../live-cluster';
import { defineRule } from '../rule';
import { GPU_OPERATOR } from '../sources';
import { counted, fitting } from '../words';

const fleetWith = (binding: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: «t4»${binding} }] }
`);

const FILES = {
  'inventory/node01.yaml': exampleInventory('node01', [
    exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 }),
  ]),
  'cluster/node01.yaml': `
apiVersion: v1
kind: Node
metadata: { name: node01, labels: { nvidia.com/gpu.workload.config: vm-passthrough } }
`,
  'cluster/policy.yaml': `
apiVersion: nvidia.com/v1
kind: ClusterPolicy
metadata: { name: gpu-cluster-policy }
spec:
  sandboxWorkloads: { enabled: true }
`,
};

export const secondBinder = defineRule({
  code: 'PCI161',
  slug: 'pci/second-binder',
  severity: 'warning',
  needs: [],
  concerns: ({ fleet, analysis }) =>
    analysis.current?.gpuOperator?.sandboxWorkloads === true ||
    fleet.cluster.operators.some(({ name }) => name === 'gpu-operator'),
  summary: 'the GPU operator binds GPUs that the fleet binds too',
  why: `
On a node whose workload is \`vm-passthrough\` the vfio manager of NVIDIA's GPU operator binds all GPUs, and unbinds all of them when its pod
stops: an update of the operator takes GPUs from running VMs, although the fleet keeps them bound from boot. One of the two is
enough. Where only \`operators\` says that the GPU operator is there, this is an info.`,
  sources: [
    {
      claim: 'the vfio manager binds all GPUs, and unbinds them when it stops',
      url: `${GPU_OPERATOR}/f61cd7f33134966677b790688f395b780c579543/assets/state-vfio-manager/0600_daemonset.yaml`,
    },
  ],
  examples: {
    bad: [{ name: 'both bind', yaml: fleetWith(''), files: FILES }],
    good: [{ name: 'left to the operator', yaml: fleetWith(', binding: external').replace(/[«»]/g, ''), files: FILES }],
  },
  *check({ fleet, analysis }) {
    for (const passthrough of fleet.nodePools.flatMap((pool) => pool.passthrough)) {
      const both = boundBy(analysis, passthrough, 'device').flatMap((one) => {
        const binder = isNvidiaGpu(one) && isBoundByFleet(one) ? binderOf(analysis, one.node) : undefined;
        return binder === undefined ? [] : [{ one, binder }];
      });
      const [first] = both;
      if (first === undefined) continue;
      const { one, binder } = first;
      yield {
        message: fitting(
          both.length === 1
            ? `${functionInWords(one)} is bound by the fleet and by the GPU operator`
            : `${both.length} functions of ${passthrough.device} are bound by the fleet and by the GPU operator`,
          `${counted(both.length, 'function')} of one device ${both.length === 1 ? 'is' : 'are'} bound by the GPU operator too`,
        ),
        ...(binder.isCertain ? {} : { severity: 'info' as const }),
        primary: { at: entryPlace(passthrough), text: 'bound by the fleet' },
        secondary: [
          { at: binder.place, text: binder.isCertain ? 'its vfio manager binds them too' : 'may bind them too' },
        ],
        notes: ['the vfio manager unbinds all GPUs of its node when its pod stops'],
        help: ['set `binding: external`, or give the nodes another workload'],
      };
    }
  },
});

function isBoundByFleet({ bindings }: AnalysedFunction): boolean {
  return bindings.some(({ strategy }) => strategy !== 'external');
}

function binderOf(
  { fleet, current, nodeByName }: Analysis,
  node: string,
): { readonly place: Place; readonly isCertain: boolean } | undefined {
  const operator = current?.gpuOperator;
  const labels = nodeByName.get(node)?.live?.labels;
  if (operator !== undefined) {
    if (!operator.sandboxWorkloads || !operator.vfioManager || labels === undefined) return undefined;
    if (gpuWorkloadOf(operator, labels) !== 'vm-passthrough') return undefined;
    return { place: placeAt(operator.place, 'spec', 'sandboxWorkloads'), isCertain: true };
  }
  const stated = fleet.cluster.operators.find(({ name }) => name === 'gpu-operator');
  return stated === undefined ? undefined : { place: stated.place, isCertain: false };
}
