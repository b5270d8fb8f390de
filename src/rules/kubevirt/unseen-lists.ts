import { liveKubeVirt } from '../../analysis';
import { exampleFleet } from '../example';
import { defineRule, type RuleInput } from '../rule';
import { KUBEVIRT } from '../sources';
import { enumerated, fitting } from '../words';

export const unseenLists = defineRule({
  code: 'KUB504',
  slug: 'kubevirt/unseen-lists',
  severity: 'info',
  needs: [],
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
    if (lists.length === 0 || liveKubeVirt(input.fleet) !== undefined) return;
    const { kubevirt, current } = input.fleet.cluster;
    yield {
      message: fitting(
        `${enumerated(lists)} of KubeVirt ${kubevirt.name} ${lists.length === 1 ? 'is' : 'are'} taken over whole`,
        `lists of KubeVirt ${kubevirt.name} are taken over whole`,
        'lists of the KubeVirt object are taken over whole',
      ),
      primary: { at: kubevirt.place, text: 'what the live object lists is not known' },
      notes: ['the API server replaces these lists as a whole'],
      help: [
        current === undefined
          ? 'name a folder with the live KubeVirt object under `cluster.current`, so that entries of others are kept'
          : `put KubeVirt ${kubevirt.namespace}/${kubevirt.name} into the folder that \`cluster.current\` names`,
      ],
    };
  },
});

function writtenLists({ fleet, analysis }: RuleInput): string[] {
  const isMade = fleet.nodePools.some(({ mediatedDevices }) =>
    mediatedDevices.some(({ createdBy }) => createdBy === 'kubevirt'),
  );
  return [
    ...(analysis.resources.some(({ name }) => name !== undefined) ? ['`permittedHostDevices`'] : []),
    ...(isMade ? ['`nodeMediatedDeviceTypes`'] : []),
    ...(analysis.featureGates.length > 0 ? ['`featureGates`'] : []),
  ];
}
