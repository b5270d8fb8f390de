import { liveConfiguration } from '../../analysis';
import { hyperConvergedGate, ownerLayout, parseKubeVirtVersion } from '../../kubevirt';
import type { Fleet } from '../../model';
import { exampleFleet } from '../example';
import { defineRule, type RuleInput } from '../rule';
import { KUBEVIRT } from '../sources';
import { enumerated, fitting } from '../words';

export const unseenLists = defineRule({
  code: 'KUB504',
  slug: 'kubevirt/unseen-lists',
  severity: 'info',
  needs: [],
  absentFrom: ['current'],
  summary: 'lists of the KubeVirt object are taken over whole, without a look at what is in them',
  why: `
The lists of permitted devices, of mediated device types and of feature gates are atomic: a patch replaces the whole list, and so does
server-side apply. What others have put there is gone after the first sync, unless the fleet has it too. With the live
KubeVirt object in the folder that \`cluster.current\` names, hostdev keeps the entries of others.`,
  sources: [
    {
      claim: 'the lists are atomic',
      url: `${KUBEVIRT}/staging/src/kubevirt.io/api/core/v1/types.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'no live object',
        yaml: exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: «{ version: "1.6" }» }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
`),
      },
    ],
    good: [
      {
        name: 'the live object is there',
        yaml: exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
`),
        files: {
          'cluster/kubevirt.yaml': `
apiVersion: kubevirt.io/v1
kind: KubeVirt
metadata: { name: kubevirt, namespace: kubevirt }
spec: {}
`,
        },
      },
    ],
  },
  *check(input) {
    const lists = writtenLists(input);
    if (lists.length === 0 || liveConfiguration(input.fleet) !== undefined) return;
    const { kubevirt, current } = input.fleet.cluster;
    const { kind, mergesPermitted } = ownerLayout(kubevirt);
    yield {
      message: fitting(
        `${enumerated(lists)} of ${kind} ${kubevirt.name} ${lists.length === 1 ? 'is' : 'are'} taken over whole`,
        `lists of ${kind} ${kubevirt.name} are taken over whole`,
        `lists of the ${kind} object are taken over whole`,
      ),
      primary: { at: kubevirt.place, text: 'what the live object lists is not known' },
      notes: [
        mergesPermitted
          ? 'kustomize and client-side apply replace these lists as a whole; server-side apply merges `permittedHostDevices`'
          : 'the API server replaces these lists as a whole',
      ],
      help: [
        current === undefined
          ? `name a folder with the live ${kind} object under \`cluster.current\`, so that entries of others are kept`
          : `put ${kind} ${kubevirt.namespace}/${kubevirt.name} into the folder that \`cluster.current\` names`,
      ],
    };
  },
});

/** HyperConverged has a list of gates in one of its versions, and needs few of them. */
function writesGateList({ cluster: { kubevirt } }: Fleet, gates: readonly string[]): boolean {
  const { kind, gateForm } = ownerLayout(kubevirt);
  if (kind === 'KubeVirt') return gates.length > 0;
  const version = parseKubeVirtVersion(kubevirt.version);
  return (
    gateForm === 'states' &&
    version.ok &&
    gates.some((gate) => hyperConvergedGate(version.value, gate).kind === 'switch')
  );
}

function writtenLists({ fleet, analysis }: RuleInput): string[] {
  const isMade = fleet.nodePools.some(({ mediatedDevices }) =>
    mediatedDevices.some(({ createdBy }) => createdBy === 'kubevirt'),
  );
  return [
    ...(analysis.resources.some(({ name }) => name !== undefined) ? ['`permittedHostDevices`'] : []),
    ...(isMade ? ['`nodeMediatedDeviceTypes`'] : []),
    ...(writesGateList(fleet, analysis.featureGates) ? ['`featureGates`'] : []),
  ];
}
