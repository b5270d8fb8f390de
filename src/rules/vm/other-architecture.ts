import type { AnalysedMachine, Analysis } from '../../analysis';
import { groupBy, jsonAt } from '../../model';
import { placeAt, type Place } from '../../source';
import { architectureOf, onlyOtherArchitectures, statedArchitecture } from '../architectures';
import { exampleFleet } from '../example';
import { moreMachines } from '../machines';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting, fittingLabel, listed, nodesInWords } from '../words';

const fleetWith = (architecture: string, gates = ''): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6"${gates} }, current: cluster/ }
devices:
  gh200: { pci: ["10de:2342"], resourceName: example.com/gh200 }
nodePools:
  grace: { nodes: [node01], cpuVendor: arm, passthrough: [{ device: gh200 }] }
virtualMachines:
  train:
    pool: «grace»
    gpus: [{ name: gpu1, device: gh200 }]
    spec: { ${architecture}domain: { devices: {}, memory: { guest: 4Gi } } }
`);

const FILES = {
  'cluster/node01.yaml': `
apiVersion: v1
kind: Node
metadata: { name: node01, labels: { kubernetes.io/arch: arm64 } }
`,
  'cluster/kubevirt.yaml': `
apiVersion: kubevirt.io/v1
kind: KubeVirt
metadata: { name: kubevirt, namespace: kubevirt }
spec: {}
status: { defaultArchitecture: amd64 }
`,
};

export const otherArchitecture = defineRule({
  code: 'VMI360',
  slug: 'vm/other-architecture',
  severity: 'error',
  needs: [],
  manifests: ['nodes'],
  concerns: ({ analysis }) =>
    analysis.machines.length > 0 && analysis.nodes.some((node) => architectureOf(node) !== undefined),
  lacksPartly: ({ analysis }) =>
    clusterDefault(analysis) === undefined &&
    analysis.machines.some((machine) => statedArchitecture(machine) === undefined)
      ? ['the default architecture of the live KubeVirt object is not known']
      : [],
  summary: 'a VM is for another architecture than the nodes that it can run on',
  why: `
A VM without \`architecture\` gets the default of the KubeVirt object, which follows the control plane. It becomes a selector for
\`kubernetes.io/arch\`. A VM for the GPUs of arm64 nodes in a cluster of amd64 stays Pending, with no other word than that no node matches.`,
  sources: [
    { claim: 'where the default comes from', url: `${KUBEVIRT}/pkg/virt-api/webhooks/defaults.go` },
    {
      claim: 'the architecture is a node selector',
      url: `${KUBEVIRT}/pkg/virt-controller/services/nodeselectorrenderer.go`,
    },
  ],
  examples: {
    bad: [{ name: 'the default of the cluster', yaml: fleetWith(''), files: FILES }],
    good: [
      {
        name: 'stated',
        yaml: fleetWith('architecture: arm64, ', ', featureGates: [MultiArchitecture]').replace(/[«»]/g, ''),
        files: FILES,
      },
    ],
  },
  *check({ analysis }) {
    const byDefault = clusterDefault(analysis);
    const found = analysis.machines.flatMap((one) => {
      const wanted = statedArchitecture(one) ?? byDefault;
      if (wanted === undefined) return [];
      const others = onlyOtherArchitectures(one, wanted);
      return others.size === 0 ? [] : [{ one, wanted, nodes: one.fits, others }];
    });
    const byCause = groupBy(found, ({ one, wanted, others }) =>
      statedArchitecture(one) === undefined
        ? JSON.stringify([wanted])
        : JSON.stringify([wanted, [...others], one.machine.pool, one.machine.node]),
    );
    for (const cases of byCause.values()) {
      const [first] = cases;
      if (first === undefined) continue;
      const { one, wanted, nodes, others } = first;
      const own = statedArchitecture(one);
      const found = listed([...others]);
      yield {
        message: fitting(
          `VM ${one.machine.id} is for ${wanted}, and ${nodesInWords(nodes.map(({ name }) => name))} ${nodes.length === 1 ? 'is' : 'are'} ${found}`,
          `VM ${one.machine.id} is for ${wanted}, and its nodes are ${found}`,
          `a VM is for ${wanted}, and its nodes are ${found}`,
        ),
        primary: {
          at: own === undefined ? placementPlace(one) : placeAt(one.machine.specPlace, 'architecture'),
          text: own === undefined ? fittingLabel(`nodes of ${found}`, 'nodes of another architecture') : 'stated here',
        },
        secondary:
          own === undefined && analysis.current?.kubevirt !== undefined
            ? [{ at: placeAt(analysis.current.kubevirt.place, 'status', 'defaultArchitecture'), text: 'the default' }]
            : [],
        notes: [
          'virt-controller makes the architecture a node selector of the pod',
          ...moreMachines(cases.map((each) => each.one)),
        ],
        help: [
          'state `architecture` in the spec, which through KubeVirt 1.7 needs the gate MultiArchitecture; or let the VM run elsewhere',
        ],
      };
    }
  },
});

function clusterDefault({ current }: Analysis): string | undefined {
  const architecture = jsonAt(current?.kubevirt?.content, 'status', 'defaultArchitecture');
  return typeof architecture === 'string' && architecture !== '' ? architecture : undefined;
}

function placementPlace({ machine, requests }: AnalysedMachine): Place {
  if (machine.node !== undefined) return placeAt(machine.place, 'node');
  if (machine.pool !== undefined) return placeAt(machine.place, 'pool');
  const [request] = requests;
  return request === undefined ? machine.place : request.request.place;
}
