import { changesOf } from '../changes/diff-baselines';
import { exampleFleet, QAT_DEVICE, qatPool } from './example';
import { defineHazard, radiusOf } from './hazard';
import { ARGO_CD } from './sources';

const fleet = (gitops: string): string =>
  exampleFleet(`
cluster:
  nodePlatform: openshift
  kubevirt: { version: "1.6" }
  gitops: { tool: argocd, repoURL: 'https://git.example.com/platform/fleet.git', reboots: ${gitops} }
devices:
  ${QAT_DEVICE}
nodePools:
  ${qatPool()}
`);

export const rebootsWithoutAsking = defineHazard({
  code: 'PLN523',
  slug: 'plan/reboots-without-asking',
  severity: 'warning',
  summary: 'from this merge on nodes reboot without a person who lets them',
  why: `
Under \`reboots: manual\` what prepares nodes is merged, and waits until a person synchronises it. Under \`automatic\` the merge is the last moment at which somebody can say no: every later change of a
MachineConfig drains and reboots nodes as soon as it is merged, and what waits already does so with this one.`,
  sources: [{ claim: 'what automated synchronisation does', url: `${ARGO_CD}/docs/user-guide/auto_sync.md` }],
  examples: {
    bad: [
      {
        name: 'reboots are let through',
        before: fleet('manual'),
        after: fleet('automatic'),
        expected: 'nodes reboot without a person who lets them from then on',
      },
    ],
    good: [{ name: 'reboots wait again', before: fleet('automatic'), after: fleet('manual') }],
  },
  *find({ changes, sides }) {
    const change = changesOf(changes, 'setting').find(({ name }) => name === 'gitopsReboots');
    const { cluster } = sides.after.baseline;
    // elsewhere no tool reboots nodes
    if (change === undefined || cluster.gitopsReboots !== 'automatic' || cluster.nodePlatform !== 'openshift') return;
    yield {
      message: 'nodes reboot without a person who lets them from then on',
      radius: radiusOf(
        [...sides.after.units.keys()].flatMap((unit) => sides.after.nodesByUnit.get(unit) ?? []),
        [],
      ),
      notes: ['what was merged already and waits is rolled out with this merge'],
      help: ['let what waits through by hand first'],
      changes: [change.key],
    };
  },
});
