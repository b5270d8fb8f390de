import { changesOf } from '../changes/diff-baselines';
import { counted, shortList } from '../words';
import { exampleFleet, QAT_DEVICE } from './example';
import { defineHazard, radiusOf } from './hazard';
import { KUBEVIRT } from './sources';

const current = `apiVersion: kubevirt.io/v1
kind: KubeVirt
metadata: { name: kubevirt, namespace: kubevirt }
spec:
  configuration:
    permittedHostDevices: { pciHostDevices: [{ pciVendorSelector: "10ee:5020", resourceName: xilinx.com/u50 }] }
`;
const fleet = (more: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }${more} }
devices:
  ${QAT_DEVICE}
`);

export const withdrawsPermission = defineHazard({
  code: 'PLN521',
  slug: 'plan/withdraws-permission',
  severity: 'warning',
  summary: 'host devices that others permitted are no longer permitted',
  why: `
The lists of permitted host devices have one owner each: an entry that is not in the fleet's list is gone once it is applied. VMs that the fleet does not know and
that ask for such a resource are refused at their next start. Name the live object under \`cluster.current\`, and the entries of others are kept.`,
  sources: [
    { claim: 'the lists are replaced as one', url: `${KUBEVIRT}/staging/src/kubevirt.io/api/core/v1/types.go` },
  ],
  examples: {
    bad: [
      {
        name: 'the live object is no longer named',
        before: fleet(', current: cluster/'),
        after: fleet(''),
        files: { 'cluster/kubevirt.yaml': current },
        expected: '1 permitted host device of others is withdrawn',
      },
    ],
    good: [
      {
        name: 'the live object is named',
        before: fleet(''),
        after: fleet(', current: cluster/'),
        files: { 'cluster/kubevirt.yaml': current },
      },
    ],
  },
  *find({ changes, sides }) {
    const isLive = sides.before.baseline.origin === 'live';
    const gone = changesOf(changes, 'permitted').filter(
      (change) => change.sign === 'removed' && (isLive || !change.before.ours),
    );
    if (gone.length === 0) return;
    yield {
      message: `${counted(gone.length, 'permitted host device')} of others ${gone.length === 1 ? 'is' : 'are'} withdrawn`,
      radius: radiusOf([], []),
      notes: [shortList(gone.map(({ name }) => name))],
      help: ['name the live KubeVirt object under `cluster.current`, or declare the devices'],
      changes: gone.map(({ key }) => key),
    };
  },
});
