import { nearestName } from '../../kubevirt';
import type { NodePool } from '../../model';
import { keyPlace, placeAt, type Place } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBERNETES } from '../sources';
import { fitting } from '../words';

export const unlistedNode = defineRule({
  code: 'NOD414',
  slug: 'node/unlisted-node',
  severity: 'error',
  suppressible: false,
  needs: [],
  absentFrom: ['nodePools'],
  summary: 'an entry of a pool is for a node that is not in the pool',
  why: `
Addresses and host use may be stated node by node. An entry for a node that the pool does not have is never used: nothing is bound for it, or,
worse, nothing is protected.`,
  sources: [
    {
      claim: 'a node is known by its name',
      url: `${KUBERNETES}/staging/src/k8s.io/api/core/v1/types.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'addresses for another node',
        yaml: exampleFleet(`
devices:
  nvme: { pci: ["8086:5845"], resourceName: example.com/nvme }
nodePools:
  storage:
    nodes: [node03]
    cpuVendor: intel
    passthrough:
      - device: nvme
        addresses:
          node03: ["0000:5e:00.0"]
          «node30»: ["0000:5e:00.0"]
`),
      },
      {
        name: 'a host use for another node',
        yaml: exampleFleet(`
nodePools:
  storage:
    nodes: [node03]
    hostUse: [{ addresses: ["0000:5d:00.0"], nodes: [«node30»], reason: Ceph OSD }]
`),
      },
    ],
    good: [
      {
        name: 'nodes of the pool',
        yaml: exampleFleet(`
nodePools:
  storage:
    nodes: [node03]
    hostUse: [{ addresses: ["0000:5d:00.0"], nodes: [node03], reason: Ceph OSD }]
`),
      },
    ],
  },
  *check({ fleet }) {
    for (const pool of fleet.nodePools) {
      for (const { node, place, effect } of namedNodes(pool)) {
        const members = pool.nodes.map(({ name }) => name);
        if (members.includes(node)) continue;
        const nearest = nearestName(node, members);
        yield {
          message: fitting(
            `pool ${pool.name} does not have node ${node}`,
            `a pool does not have node ${node}`,
            'a pool does not have a node',
          ),
          primary: { at: place, text: effect },
          help: nearest === undefined ? ['add the node to `nodes`, or remove the entry'] : [],
          fixes:
            nearest === undefined
              ? []
              : [{ title: 'use the name of a node of the pool', safe: false, edits: [{ at: place, text: nearest }] }],
        };
      }
    }
  },
});

function namedNodes(pool: NodePool): { readonly node: string; readonly place: Place; readonly effect: string }[] {
  const addresses = pool.passthrough.flatMap((passthrough) =>
    passthrough.addresses.kind === 'by-node'
      ? passthrough.addresses.byNode.map(({ node, place }) => ({
          node,
          place: keyPlace(place),
          effect: 'nothing is bound for it',
        }))
      : [],
  );
  const uses = pool.hostUse.flatMap(({ nodes, place }) =>
    (nodes ?? []).map((node, i) => ({ node, place: placeAt(place, 'nodes', i), effect: 'nothing is protected there' })),
  );
  return [...addresses, ...uses];
}
