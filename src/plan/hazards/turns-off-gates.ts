import { hyperConvergedGate, parseKubeVirtVersion } from '../../kubevirt';
import type { ClusterState } from '../baseline/baseline';
import { changesOf } from '../changes/diff-baselines';
import { counted, shortList } from '../words';
import { exampleFleet, QAT_DEVICE, qatMachine, qatPool } from './example';
import { defineHazard, radiusOf } from './hazard';
import { KUBEVIRT } from './sources';

const fleet = (gates: string, more = ''): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6", featureGates: [${gates}]${more} } }
devices: { ${QAT_DEVICE} }
nodePools:
  ${qatPool()}
virtualMachines:
  ${qatMachine('vpn-1')}
`);
const HYPERCONVERGED = ', managedBy: hyperconverged';

export const turnsOffGates = defineHazard({
  code: 'PLN520',
  slug: 'plan/turns-off-gates',
  severity: 'warning',
  summary: 'feature gates that are on are no longer listed',
  why: `
The list of feature gates has one owner: what is not in it is off, save for gates that are on by default. Without \`HostDevices\` every VM with host devices is refused at
its next start. HyperConverged writes the list itself, and gates that it always has on, \`HostDevices\` among them, stay on where it becomes the owner. Of a live cluster
also gates are meant that others turned on and the fleet does not know: name the live object under \`cluster.current\`, and they are kept.`,
  sources: [
    { claim: 'the list is replaced as one', url: `${KUBEVIRT}/staging/src/kubevirt.io/api/core/v1/types.go` },
    { claim: 'which gates are on', url: `${KUBEVIRT}/pkg/virt-config/featuregate/feature-gates.go` },
    {
      claim: 'which gates HyperConverged always has on',
      url: 'https://github.com/kubevirt/hyperconverged-cluster-operator/blob/v1.20.0/controllers/handlers/kubevirt.go',
    },
  ],
  examples: {
    bad: [
      {
        name: 'a gate is dropped',
        before: fleet('Sidecar, Snapshot'),
        after: fleet('Snapshot'),
        expected: '1 feature gate is no longer listed',
      },
      {
        name: 'HyperConverged becomes the owner, and has no switch for a gate',
        before: fleet('Sidecar'),
        after: fleet('', HYPERCONVERGED),
        expected: '1 feature gate is no longer listed',
      },
    ],
    good: [
      { name: 'a gate is added', before: fleet('Snapshot'), after: fleet('Sidecar, Snapshot') },
      {
        name: 'HyperConverged becomes the owner, and has the gates on whatever it says',
        before: fleet('Snapshot'),
        after: fleet('', HYPERCONVERGED),
      },
    ],
  },
  *find({ changes, sides }) {
    const { cluster } = sides.after.baseline;
    const gone = changesOf(changes, 'gate').filter(
      ({ sign, name }) => sign === 'removed' && !isOnAnyway(name, cluster),
    );
    if (gone.length === 0) return;
    yield {
      message: `${counted(gone.length, 'feature gate')} ${gone.length === 1 ? 'is' : 'are'} no longer listed`,
      radius: radiusOf([], []),
      notes: [shortList(gone.map(({ name }) => name))],
      changes: gone.map(({ key }) => key),
    };
  },
});

/** Whether HyperConverged, where it is written, has a gate on whatever its object says. */
function isOnAnyway(gate: string, { objects, kubevirtVersion }: ClusterState): boolean {
  const version = parseKubeVirtVersion(kubevirtVersion);
  return (
    version.ok &&
    objects.some(({ kind }) => kind === 'HyperConverged') &&
    hyperConvergedGate(version.value, gate).kind === 'on'
  );
}
