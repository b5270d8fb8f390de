import { gateStage, hyperConvergedGate, KUBEVIRT_RELEASES, nearestGate, parseKubeVirtVersion } from '../../kubevirt';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting, fittingLabel } from '../words';

export const unknownGate = defineRule({
  code: 'KUB502',
  slug: 'kubevirt/unknown-gate',
  severity: 'error',
  needs: [],
  manifests: ['version'],
  summary: 'KubeVirt of this version does not have a feature gate of that name',
  why: `
Names of gates are compared with their case, and no webhook looks at them: \`hostDevices\` or \`HostDevice\` is accepted and does nothing.
A gate that came with a later release does nothing either. hostdev knows the gates that host devices touch; a name that is like
none of them is not reported.`,
  sources: [
    { claim: 'gates are compared as text', url: `${KUBEVIRT}/pkg/virt-config/featuregate/feature-gates.go` },
    { claim: 'the gates that there are', url: `${KUBEVIRT}/pkg/virt-config/featuregate/active.go` },
  ],
  examples: {
    bad: [
      {
        name: 'a letter is missing',
        yaml: exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6", featureGates: [«HostDevice»] } }
`),
      },
      {
        name: 'a gate of a later release',
        yaml: exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6", featureGates: [«PCINUMAAwareTopology»] } }
`),
      },
    ],
    good: [
      {
        name: 'as KubeVirt spells it',
        yaml: exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6", featureGates: [HostDevices, CPUManager] } }
`),
      },
    ],
  },
  *check({ fleet }) {
    const { version: text, featureGates, managedBy } = fleet.cluster.kubevirt;
    const version = parseKubeVirtVersion(text);
    if (!version.ok) return;
    for (const { name, place } of featureGates) {
      // HyperConverged has names of its own for some
      if (managedBy === 'hyperconverged' && hyperConvergedGate(version.value, name).kind === 'switch') continue;
      const stage = gateStage(version.value, name);
      if (stage === 'unregistered') {
        const since = KUBEVIRT_RELEASES.find((release) => gateStage({ release }, name) !== 'unregistered');
        yield {
          message: fitting(
            `KubeVirt ${version.value.release} does not know feature gate ${name}`,
            'KubeVirt of this version does not know a feature gate',
          ),
          primary: { at: place, text: fittingLabel(`comes with KubeVirt ${since ?? ''}`, 'comes later') },
          notes: ['KubeVirt accepts any name here and does nothing with one that it does not know'],
          help: [`remove it, or write the fleet for KubeVirt ${since ?? ''}`],
        };
        continue;
      }
      const nearest = stage === undefined ? nearestGate(name) : undefined;
      if (nearest === undefined) continue;
      yield {
        message: fitting(`${name} is not a feature gate of KubeVirt`, 'a name is not a feature gate of KubeVirt'),
        primary: { at: place, text: 'a gate has a similar name' },
        notes: ['KubeVirt accepts any name here and does nothing with one that it does not know'],
        fixes: [{ title: 'use the name of the gate', safe: false, edits: [{ at: place, text: nearest }] }],
      };
    }
  },
});
