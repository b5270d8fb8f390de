import { liveKubeVirt } from '../../analysis';
import { jsonAt } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

const FLEET = exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
`);

const liveWith = (configuration: string): Record<string, string> => ({
  'cluster/kubevirt.yaml': `
apiVersion: kubevirt.io/v1
kind: KubeVirt
metadata: { name: kubevirt, namespace: kubevirt }
spec:
  configuration:
    ${configuration}
`,
});

/** Fields that KubeVirt checks before it takes a configuration as a whole, with what it refuses. */
const CHECKED: readonly { readonly path: readonly string[]; readonly isRefused: (value: unknown) => boolean }[] = [
  {
    path: ['imagePullPolicy'],
    isRefused: (value) => typeof value === 'string' && !['', 'Always', 'IfNotPresent', 'Never'].includes(value),
  },
  // nought is left out when the object is read, so the default stays
  { path: ['developerConfiguration', 'memoryOvercommit'], isRefused: isNegative },
  { path: ['developerConfiguration', 'cpuAllocationRatio'], isRefused: isNegative },
];

export const rejectedConfiguration = defineRule({
  code: 'KUB560',
  slug: 'kubevirt/rejected-configuration',
  severity: 'error',
  needs: ['current'],
  manifests: ['kubevirt'],
  concerns: ({ fleet }) => fleet.devices.length > 0,
  summary: 'the live KubeVirt object has a value for which KubeVirt ignores its whole configuration',
  why: `
Every component of KubeVirt checks the configuration as a whole. Where one value is refused, it goes on with the last good configuration and
says so in its log only: devices that are permitted from then on never appear, and gates that are listed never open.`,
  sources: [{ claim: 'what is checked, and what happens', url: `${KUBEVIRT}/pkg/virt-config/configuration.go` }],
  examples: {
    bad: [{ name: 'a misspelt policy', yaml: FLEET, files: liveWith('imagePullPolicy: «Allways»') }],
    good: [{ name: 'one of Kubernetes', yaml: FLEET, files: liveWith('imagePullPolicy: IfNotPresent') }],
  },
  *check({ fleet }) {
    const live = liveKubeVirt(fleet);
    for (const { path, isRefused } of CHECKED) {
      const at = ['spec', 'configuration', ...path];
      if (live === undefined || !isRefused(jsonAt(live.content, ...at))) continue;
      yield {
        message: `\`${path.join('.')}\` makes KubeVirt ignore its whole configuration`,
        primary: { at: placeAt(live.place, ...at), text: 'refused by every component' },
        notes: ['virt-handler and virt-controller go on with the last configuration that was good'],
        help: ['correct the value in the live object'],
      };
    }
  },
});

function isNegative(value: unknown): boolean {
  return typeof value === 'number' && value < 0;
}
