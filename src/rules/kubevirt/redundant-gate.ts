import { gateStage, parseKubeVirtVersion } from '../../kubevirt';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

export const redundantGate = defineRule({
  code: 'KUB503',
  slug: 'kubevirt/redundant-gate',
  severity: 'info',
  needs: [],
  manifests: ['version'],
  summary: 'a feature gate is listed that KubeVirt has for good',
  why: `
A feature that has become generally available is on, whether its gate is listed or not. KubeVirt answers with an admission warning on every
update, and a later release may drop the name.`,
  sources: [
    { claim: 'gates that are generally available', url: `${KUBEVIRT}/pkg/virt-config/featuregate/inactive.go` },
  ],
  examples: {
    bad: [
      {
        name: 'GPU, for good since 1.4',
        yaml: exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6", featureGates: [«GPU»] } }
`),
      },
    ],
    good: [
      {
        name: 'a gate that is needed',
        yaml: exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6", featureGates: [CPUManager] } }
`),
      },
    ],
  },
  *check({ fleet }) {
    const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
    if (!version.ok) return;
    for (const { name, place } of fleet.cluster.kubevirt.featureGates) {
      if (gateStage(version.value, name) !== 'ga') continue;
      yield {
        message: fitting(
          `feature gate ${name} is always on in KubeVirt ${version.value.release}`,
          `${name} is always on`,
        ),
        primary: { at: place, text: 'does nothing' },
        notes: ['KubeVirt answers with an admission warning when it is listed'],
        help: ['remove it'],
      };
    }
  },
});
