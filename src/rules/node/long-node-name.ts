import { groupBy } from '../../model';
import { liveNodeLabels } from '../../analysis';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBERNETES } from '../sources';
import { fitting } from '../words';

const LONGEST_LABEL = 63;
const HOSTNAME = 'kubernetes.io/hostname';
const LONG = `ip-10-0-0-1.${'x'.repeat(48)}.compute.internal`;

const FLEET = (node: string, more = ''): string =>
  exampleFleet(`
${more === '' ? '' : 'cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }\n'}devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
nodePools:
  gpu: { nodes: [${node}], cpuVendor: intel, passthrough: [{ device: t4, addresses: ["0000:65:00.0"] }] }
`);

export const longNodeName = defineRule({
  code: 'NOD498',
  slug: 'node/long-node-name',
  severity: 'error',
  needs: [],
  summary: 'the name of a node is too long for the label that it is found by',
  why: `
Where a pool has no \`nodeSelector\`, and where a VM names its \`node\`, hostdev writes the node as the value of the label \`kubernetes.io/hostname\`. A Node's name has up to 253 characters, the value of a label
63, and the API server refuses pods that ask for a longer one. On such a Node the label is something else, its host name, which only the live object shows.`,
  sources: [
    {
      claim: 'a selector is a list of labels (ValidatePodSpec)',
      url: `${KUBERNETES}/pkg/apis/core/validation/validation.go`,
    },
    {
      claim: 'kubelet sets the label to the host name',
      url: `${KUBERNETES}/pkg/kubelet/kubelet_node_status.go`,
    },
  ],
  examples: {
    bad: [{ name: 'a cloud’s name', yaml: FLEET(`«${LONG}»`) }],
    good: [
      { name: 'a short name', yaml: FLEET('ip-10-0-0-1.compute.internal') },
      {
        name: 'the live Node says its host name',
        yaml: FLEET(LONG, 'current'),
        files: {
          'cluster/node.yaml': `
apiVersion: v1
kind: Node
metadata: { name: ${LONG}, labels: { kubernetes.io/hostname: ip-10-0-0-1 } }
`,
        },
      },
    ],
  },
  *check({ fleet }) {
    const pinned = groupBy(
      fleet.virtualMachines.filter(({ node = '' }) => node.length > LONGEST_LABEL),
      ({ node = '' }) => node,
    );
    for (const pool of fleet.nodePools) {
      for (const { name, place } of pool.nodes) {
        if (name.length <= LONGEST_LABEL || liveNodeLabels(fleet, name)?.[HOSTNAME] !== undefined) continue;
        const [machine] = pinned.get(name) ?? [];
        if (pool.nodeSelector !== undefined && machine === undefined) continue;
        yield {
          message: fitting(
            `the name of a node of pool ${pool.name} is too long for a label`,
            'the name of a node is too long for a label',
          ),
          primary: { at: place, text: `${name.length} characters, and a label has ${LONGEST_LABEL}` },
          secondary:
            machine === undefined
              ? []
              : [{ at: placeAt(machine.place, 'node'), text: 'becomes a selector of this VM' }],
          notes: ['its label `kubernetes.io/hostname` is another text, which the fleet does not know'],
          help: ['put the live Node under `cluster.current`, or select by other labels with `nodeSelector`'],
        };
      }
    }
  },
});
