import { changesOf } from '../changes/diff-baselines';
import { counted, shortList } from '../words';
import { exampleFleet } from './example';
import { defineHazard, radiusOf } from './hazard';
import { KUBEVIRT } from './sources';

const fleet = (gates: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6", featureGates: [${gates}] } }
`);

export const turnsOffGates = defineHazard({
  code: 'PLN520',
  slug: 'plan/turns-off-gates',
  severity: 'warning',
  summary: 'feature gates that are on are no longer listed',
  why: `
The list of feature gates has one owner: what is not in it is off, save for gates that are on by default. Without \`HostDevices\` every VM with host devices is refused at
its next start. Of a live cluster also gates are meant that others turned on and the fleet does not know: name the live object under
\`cluster.current\`, and they are kept.`,
  sources: [
    { claim: 'the list is replaced as one', url: `${KUBEVIRT}/staging/src/kubevirt.io/api/core/v1/types.go` },
    { claim: 'which gates are on', url: `${KUBEVIRT}/pkg/virt-config/featuregate/feature-gates.go` },
  ],
  examples: {
    bad: [
      {
        name: 'a gate is dropped',
        before: fleet('Sidecar, Snapshot'),
        after: fleet('Snapshot'),
        expected: '1 feature gate is no longer listed',
      },
    ],
    good: [{ name: 'a gate is added', before: fleet('Snapshot'), after: fleet('Sidecar, Snapshot') }],
  },
  *find({ changes }) {
    const gone = changesOf(changes, 'gate').filter(({ sign }) => sign === 'removed');
    if (gone.length === 0) return;
    yield {
      message: `${counted(gone.length, 'feature gate')} ${gone.length === 1 ? 'is' : 'are'} no longer listed`,
      radius: radiusOf([], []),
      notes: [shortList(gone.map(({ name }) => name))],
      changes: gone.map(({ key }) => key),
    };
  },
});
