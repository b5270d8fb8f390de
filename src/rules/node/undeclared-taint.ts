import type { AnalysedNode, LiveTaint } from '../../analysis';
import { groupBy, type NodePool, type Taint } from '../../model';
import { keyPlace } from '../../source';
import { exampleFleet } from '../example';
import { blockedMachines, isTransient } from '../blocked-machines';
import { missingLiveNodes } from '../live-cluster';
import { defineRule } from '../rule';
import { KUBERNETES, KUBEVIRT } from '../sources';
import { handlerTolerates, keepsAway } from '../taints';
import { fitting, fittingLabel, listed, nodesInWords } from '../words';

const fleetWith = (taints: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel${taints}, passthrough: [{ device: t4 }] }
`);

const liveNode = (taint: string): Record<string, string> => ({
  'cluster/node01.yaml': `
apiVersion: v1
kind: Node
metadata: { name: node01 }
spec:
  taints:
    - ${taint}
`,
});

export const undeclaredTaint = defineRule({
  code: 'NOD438',
  slug: 'node/undeclared-taint',
  severity: 'warning',
  needs: ['current'],
  lacksPartly: ({ analysis }) => missingLiveNodes(analysis),
  summary: 'a live node has a taint that its pool does not declare',
  why: `
What hostdev writes for a pool, VMs and device plugins, tolerates the taints that the pool declares and no others. On a node with another taint
none of them starts, unless it brings a toleration of its own. Where the KubeVirt object does not tolerate the taint either,
virt-handler does not run there and nothing is advertised at all: then this is an error, as it is where a VM finds its devices on no other node. Taints that Kubernetes sets for a
while (\`node.kubernetes.io/\`) are passed over.`,
  sources: [
    {
      claim: 'pods stay away from taints that they do not tolerate',
      url: `${KUBERNETES}/pkg/scheduler/framework/plugins/tainttoleration/taint_toleration.go`,
    },
    { claim: 'where virt-handler runs', url: `${KUBEVIRT}/pkg/virt-operator/resource/placement/placement.go` },
  ],
  examples: {
    bad: [
      {
        name: 'tainted by hand',
        yaml: fleetWith(''),
        files: liveNode('«{ key: dedicated, value: gpu, effect: NoSchedule }»'),
      },
    ],
    good: [
      {
        name: 'declared',
        yaml: fleetWith(', taints: [{ key: dedicated, value: gpu, effect: NoSchedule }]'),
        files: liveNode('{ key: dedicated, value: gpu, effect: NoSchedule }'),
      },
      {
        name: 'cordoned for a while',
        yaml: fleetWith(''),
        files: liveNode('{ key: node.kubernetes.io/unschedulable, effect: NoSchedule }'),
      },
    ],
  },
  *check({ analysis }) {
    const found = analysis.nodes.flatMap((node) => undeclaredOn(node));
    for (const cases of groupBy(found, ({ taint }) => taintInWords(taint)).values()) {
      const [first] = cases;
      if (first === undefined) continue;
      const { pool, taint } = first;
      const kubevirt = analysis.current?.kubevirt;
      const keepsHandlerAway = kubevirt !== undefined && keepsAway(taint) && !handlerTolerates(kubevirt, taint);
      const nodes = nodesInWords(cases.map(({ node }) => node.name));
      const pools = new Set(cases.map((one) => one.pool));
      const blocked = blockedMachines(analysis).filter(({ taints }) =>
        taints.some((one) => one.isUndeclared && taintInWords(one.taint) === taintInWords(taint)),
      );
      const whose = pools.size === 1 ? `pool ${pool.name}` : `their ${pools.size} pools`;
      yield {
        message: fitting(
          `taint ${taint.key} of ${nodes} is not among the taints of ${whose}`,
          `taint ${taint.key} of a live node is not among the taints of its pool`,
          'a taint of a live node is not among the taints of its pool',
        ),
        ...(keepsHandlerAway || blocked.length > 0 ? { severity: 'error' as const } : {}),
        primary: {
          at: taint.place,
          text: keepsHandlerAway ? 'virt-handler does not run here' : 'what hostdev writes does not tolerate it',
        },
        secondary: [...pools].slice(0, 2).map((one) => ({ at: keyPlace(one.place), text: inPool(cases, one) })),
        notes: keepsHandlerAway
          ? ['virt-handler advertises the devices of its node, and marks it schedulable for VMs']
          : [
              'kube-scheduler keeps pods without a toleration away from the node',
              ...(blocked.length === 0
                ? []
                : [
                    `the devices of ${listed(blocked.map(({ machine }) => `VM ${machine.machine.id}`))} are on such nodes alone`,
                  ]),
            ],
        help: [
          pools.size === 1 ? 'declare it under `taints` of the pool' : 'declare it under `taints` of these pools',
          ...(keepsHandlerAway ? ['add the toleration to `spec.workloads.nodePlacement` of the KubeVirt object'] : []),
        ],
      };
    }
  },
});

function inPool(cases: readonly Case[], pool: NodePool): string {
  const node = cases.find((one) => one.pool === pool)?.node.name ?? '';
  return fittingLabel(`${node} is in this pool`, 'the pool');
}

interface Case {
  readonly node: AnalysedNode;
  readonly pool: NodePool;
  readonly taint: LiveTaint;
}

function undeclaredOn(node: AnalysedNode): Case[] {
  return node.pools
    .filter(handsOver)
    .flatMap((pool) =>
      (node.live?.taints ?? [])
        .filter((taint) => taint.effect !== 'PreferNoSchedule' && !isTransient(taint) && !isDeclared(pool, taint))
        .map((taint) => ({ node, pool, taint })),
    );
}

function handsOver({ passthrough, mediatedDevices, usb }: NodePool): boolean {
  return passthrough.length > 0 || mediatedDevices.length > 0 || usb.length > 0;
}

function isDeclared({ taints }: NodePool, taint: LiveTaint): boolean {
  return taints.some(
    ({ key, value, effect }) =>
      key === taint.key && effect === taint.effect && (value === undefined || value === (taint.value ?? '')),
  );
}

function taintInWords({ key, value, effect }: Taint): string {
  return `${key}=${value ?? ''}:${effect}`;
}
