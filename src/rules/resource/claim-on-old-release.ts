import { isAtLeast, kubernetesVersionOf, parseKubeVirtVersion, resourceApiVersion } from '../../kubevirt';
import { placeAt } from '../../source';
import { claimedDevices, claimedExample } from '../claimed';
import { defineRule } from '../rule';

export const claimOnOldRelease = defineRule({
  code: 'RES688',
  slug: 'resource/claim-on-old-release',
  severity: 'error',
  needs: [],
  concerns: ({ analysis }) => claimedDevices(analysis).length > 0,
  summary: 'a device is to be claimed where KubeVirt or Kubernetes knows no claims',
  why: `
VMs take claims from KubeVirt 1.6 on: an older one knows neither \`resourceClaims\` nor \`claimName\`, and the fields are dropped. Claims themselves are written as
\`resource.k8s.io/v1\` from Kubernetes 1.34 on, \`v1beta2\` in 1.33 and \`v1beta1\` in 1.32; before that there is no version that hostdev writes.`,
  sources: [
    {
      claim: 'the gates of claims are of 1.6',
      url: 'https://github.com/kubevirt/kubevirt/blob/v1.6.0/pkg/virt-config/featuregate/active.go',
    },
    {
      claim: 'the versions that are served',
      url: 'https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/controlplane/instance.go',
    },
  ],
  examples: {
    bad: [
      { name: 'KubeVirt 1.5', yaml: claimedExample({ kubevirt: '«"1.5"»' }) },
      { name: 'Kubernetes 1.31', yaml: claimedExample({ kubernetes: '«"1.31"»' }) },
    ],
    good: [{ name: 'both are new enough', yaml: claimedExample({}) }],
  },
  *check({ fleet, analysis }) {
    const [first] = claimedDevices(analysis);
    const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
    if (first === undefined || !version.ok) return;
    const claimed = { at: first.dra.place, text: 'claimed by VMs' };
    if (!isAtLeast(version.value, '1.6')) {
      yield {
        message: `KubeVirt ${version.value.release} takes no resource claims`,
        primary: { at: placeAt(fleet.cluster.kubevirt.place, 'version'), text: 'claims are taken from 1.6 on' },
        secondary: [claimed],
        help: ['upgrade KubeVirt, or let a device plugin serve the device'],
      };
    }
    const kubernetes = kubernetesVersionOf(fleet.cluster);
    if (kubernetes === undefined || resourceApiVersion(kubernetes) !== undefined) return;
    const stated = fleet.cluster.kubernetesVersion === undefined ? 'nodePlatformVersion' : 'kubernetesVersion';
    yield {
      message: `release ${kubernetes} of Kubernetes has no resource claims that hostdev writes`,
      primary: { at: placeAt(fleet.cluster.place, stated), text: 'claims are written from 1.32 on' },
      secondary: [claimed],
      help: ['upgrade the cluster, or let a device plugin serve the device'],
    };
  },
});
