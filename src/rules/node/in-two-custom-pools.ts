import { groupBy } from '../../model';
import { customPoolsOf, type AnalysedNode, type Analysis, type LiveMachineConfigPool } from '../../analysis';
import { placeAt, type Place } from '../../source';
import { exampleFleet } from '../example';
import { missingLiveNodes } from '../live-cluster';
import { defineRule } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';
import { counted, fitting, fittingLabel, nodesInWords } from '../words';

const FLEET = exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [«node01»], cpuVendor: intel, passthrough: [{ device: t4 }] }
`);

const liveObjects = (labels: string): Record<string, string> => ({
  'cluster/node01.yaml': `
apiVersion: v1
kind: Node
metadata: { name: node01, labels: { node-role.kubernetes.io/worker: "", ${labels} } }
`,
  'cluster/pools.yaml': `
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfigPool
metadata: { name: infra }
spec:
  nodeSelector: { matchLabels: { node-role.kubernetes.io/infra: "" } }
`,
});

export const inTwoCustomPools = defineRule({
  code: 'NOD434',
  slug: 'node/in-two-custom-pools',
  severity: 'error',
  suppressible: false,
  needs: ['current'],
  concerns: ({ analysis }) => analysis.units.some(({ isCustom }) => isCustom),
  lacksPartly: ({ analysis }) => missingLiveNodes(analysis),
  summary: 'a node of a custom machine config pool is in another custom pool already',
  why: `
A node belongs to one custom machine config pool at most. One whose labels put it into two is an error of the machine-config-operator: the node
stops updating, in both. A node that moves gives up the label of the old pool first.`,
  sources: [
    {
      claim: 'a node in two custom pools is an error',
      url: `${MACHINE_CONFIG_OPERATOR}/052894640fff35257be9fe711f0c357807d6d5ad/pkg/helpers/helpers.go`,
    },
  ],
  examples: {
    bad: [{ name: 'an infra node', yaml: FLEET, files: liveObjects('node-role.kubernetes.io/infra: ""') }],
    good: [{ name: 'a worker', yaml: FLEET.replace(/[«»]/g, ''), files: liveObjects('zone: a') }],
  },
  *check({ analysis }) {
    const found = analysis.units.flatMap((unit) =>
      unit.isCustom ? unit.nodes.flatMap((node) => otherPool(analysis, unit.name, node)) : [],
    );
    for (const cases of groupBy(found, ({ unit, other }) => `${unit} ${other.name}`).values()) {
      const [first] = cases;
      if (first === undefined) continue;
      const nodes = cases.map(({ node }) => node.name);
      const are = nodes.length === 1 ? 'is' : 'are';
      yield {
        message: fitting(
          `${nodesInWords(nodes)} ${are} in machine config pool ${first.other.name}, not only in ${first.unit}`,
          `${counted(nodes.length, 'node')} ${are} in machine config pool ${first.other.name} already`,
          'nodes of a pool are in another custom machine config pool',
        ),
        primary: {
          at: placeOf(first.node),
          text: fittingLabel(`in ${first.other.name} already`, 'in another already'),
        },
        secondary: [
          {
            at: placeAt(first.other.place, 'metadata', 'name'),
            text: fittingLabel(`selects ${first.node.name}`, 'selects it'),
          },
        ],
        notes: ['the machine-config-operator stops updating a node that is in 2 custom pools'],
        help: [`take the labels that ${first.other.name} selects from the node first`],
      };
    }
  },
});

interface Case {
  readonly unit: string;
  readonly node: AnalysedNode;
  readonly other: LiveMachineConfigPool;
}

function otherPool({ current }: Analysis, unit: string, node: AnalysedNode): Case[] {
  if (current === undefined || node.live === undefined) return [];
  const other = customPoolsOf(current, node.live).find(({ name }) => name !== unit);
  return other === undefined ? [] : [{ unit, node, other }];
}

function placeOf({ name, pools }: AnalysedNode): Place {
  const [pool] = pools;
  if (pool === undefined) throw new RangeError('a node of a unit is in a pool');
  return pool.nodes.find((one) => one.name === name)?.place ?? pool.place;
}
