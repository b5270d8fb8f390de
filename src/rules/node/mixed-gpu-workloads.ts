import {
  GPU_WORKLOAD_LABEL,
  gpuWorkloadOf,
  type AnalysedFunction,
  type AnalysedNode,
  type Analysis,
  type LiveGpuOperator,
} from '../../analysis';
import type { MediatedDeviceUse } from '../../model';
import { placeAt, type Place } from '../../source';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { functionInWords, isHostUsed } from '../functions';
import { isNvidiaGpu, missingLiveNodes } from '../live-cluster';
import { defineRule, type FleetFinding } from '../rule';
import { GPU_OPERATOR } from '../sources';
import { counted, fitting, listed } from '../words';

const fleetWith = (rest: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
  t4-1q: { mdev: { name: GRID T4-1Q, typeId: nvidia-222, parent: "10de:1eb8" }, resourceName: example.com/t4-1q }
nodePools:
  gpu:
    nodes: [node01]
    ${rest}
`);

const FILES = {
  'inventory/node01.yaml': exampleInventory('node01', [
    exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27, driver: 'nvidia' }),
  ]),
  'cluster/node01.yaml': `
apiVersion: v1
kind: Node
metadata:
  name: node01
  labels: { nvidia.com/gpu.workload.config: vm-passthrough }
`,
  'cluster/policy.yaml': `
apiVersion: nvidia.com/v1
kind: ClusterPolicy
metadata: { name: gpu-cluster-policy }
spec:
  sandboxWorkloads: { enabled: true }
`,
};

export const mixedGpuWorkloads = defineRule({
  code: 'NOD435',
  slug: 'node/mixed-gpu-workloads',
  severity: 'error',
  needs: ['current'],
  concerns: ({ analysis }) => analysis.current?.gpuOperator?.sandboxWorkloads === true,
  lacksPartly: ({ analysis }) => missingLiveNodes(analysis),
  summary: 'the GPU operator hands over GPUs that the fleet keeps for something else',
  why: `
On a node whose workload is \`vm-passthrough\` NVIDIA's GPU operator runs its vfio manager, which binds every NVIDIA GPU of the node to vfio-pci.
No mediated device can be made of such a GPU, and none is left for the host or for containers. One node has one kind of
workload with this operator.`,
  sources: [
    {
      claim: 'the vfio manager binds all GPUs of its node',
      url: `${GPU_OPERATOR}/f61cd7f33134966677b790688f395b780c579543/assets/state-vfio-manager/0600_daemonset.yaml`,
    },
    {
      claim: 'the workload of a node is one for all of its GPUs',
      url: `${GPU_OPERATOR}/0559da86a3cc1971c2038fbab78ff93274ae2e0d/controllers/state_manager.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'vGPUs on a node for passthrough',
        yaml: fleetWith('mediatedDevices: [{ device: «t4-1q», createdBy: kubevirt, count: 16 }]'),
        files: FILES,
      },
    ],
    good: [
      {
        name: 'passthrough on a node for passthrough',
        yaml: fleetWith('passthrough: [{ device: t4, binding: external }]'),
        files: FILES,
      },
    ],
  },
  *check({ analysis }) {
    const operator = analysis.current?.gpuOperator;
    if (operator?.vfioManager !== true) return;
    const nodes = analysis.nodes.filter(
      ({ live }) => live !== undefined && gpuWorkloadOf(operator, live.labels) === 'vm-passthrough',
    );
    yield* mediatedOn(analysis, operator, nodes);
    yield* keptOn(operator, nodes);
  },
});

function* mediatedOn(
  analysis: Analysis,
  operator: LiveGpuOperator,
  nodes: readonly AnalysedNode[],
): Iterable<FleetFinding> {
  const byUse = new Map<MediatedDeviceUse, AnalysedNode[]>();
  for (const node of nodes) {
    for (const use of node.pools.flatMap(({ mediatedDevices }) => mediatedDevices)) {
      const device = analysis.deviceByName.get(use.device);
      if (device?.kind !== 'mdev' || device.parent?.id?.startsWith('10de:') !== true) continue;
      byUse.set(use, [...(byUse.get(use) ?? []), node]);
    }
  }
  for (const [use, on] of byUse) {
    const names = on.map(({ name }) => name);
    yield {
      message: fitting(
        `the GPU operator hands over the cards of ${use.device} on ${listed(names)}`,
        `the GPU operator hands over the cards of ${use.device} on ${counted(names.length, 'node')}`,
        'the GPU operator hands over the cards of a mediated device',
      ),
      primary: { at: placeAt(use.place, 'device'), text: 'nothing is left to make it from' },
      secondary: [{ at: workloadPlace(operator, on[0]), text: 'the workload is `vm-passthrough`' }],
      notes: ['the vfio manager of the GPU operator binds every NVIDIA GPU of such a node'],
      help: ['label the nodes `vm-vgpu`, or make the devices on other nodes'],
    };
  }
}

/** GPUs that the fleet does not hand over, and that are not handed over already. */
function* keptOn(operator: LiveGpuOperator, nodes: readonly AnalysedNode[]): Iterable<FleetFinding> {
  const kept = nodes.flatMap((node) =>
    node.pools.length === 0 || node.pools.some(({ mediatedDevices }) => mediatedDevices.length > 0)
      ? []
      : node.functions
          .filter((one) => isNvidiaGpu(one) && one.bindings.length === 0 && mayBeKept(one))
          .map((one) => ({ node, one })),
  );
  const [first] = kept;
  if (first === undefined) return;
  const isUsed = kept.some(({ one }) => isHostUsed(one));
  yield {
    message:
      kept.length === 1
        ? fitting(
            `the GPU operator hands over ${functionInWords(first.one)}, which the fleet does not`,
            'the GPU operator hands over a GPU that the fleet does not',
          )
        : `the GPU operator hands over ${kept.length} GPUs that the fleet does not`,
    severity: isUsed ? 'error' : 'warning',
    primary: { at: placeAt(first.one.fact.place, 'address'), text: isUsed ? 'used by the host' : 'not handed over' },
    secondary: [{ at: workloadPlace(operator, first.node), text: 'the workload is `vm-passthrough`' }],
    notes: ['the vfio manager of the GPU operator binds every NVIDIA GPU of such a node'],
    help: ['declare the GPUs, or give the node another workload'],
  };
}

function mayBeKept({ fact }: AnalysedFunction): boolean {
  return !(fact.driver ?? '').includes('vfio');
}

function workloadPlace(operator: LiveGpuOperator, node: AnalysedNode | undefined): Place {
  const live = node?.live;
  if (live !== undefined && Object.hasOwn(live.labels, GPU_WORKLOAD_LABEL)) {
    return placeAt(live.place, 'metadata', 'labels', GPU_WORKLOAD_LABEL);
  }
  return placeAt(operator.place, 'spec', 'sandboxWorkloads');
}
