import { changesOf } from '../changes/diff-baselines';
import { counted, shortList } from '../words';
import { exampleFleet, QAT_DEVICE, qatPool } from './example';
import { defineHazard, radiusOf } from './hazard';

const fleet = (pool: string): string =>
  exampleFleet(`
cluster:
  nodePlatform: openshift
  kubevirt: { version: "1.6" }
  gitops: { tool: argocd, repoURL: 'https://git.example.com/platform/fleet.git' }
devices:
  ${QAT_DEVICE}
nodePools:
  ${pool}
`);

export const changesAccess = defineHazard({
  code: 'PLN524',
  slug: 'plan/changes-access',
  severity: 'info',
  summary: 'rights change that an administrator applies by hand',
  why: `
On OpenShift the rights under \`gitops/access\` are no Application's: nobody may hand out rights that they do not have, and Argo CD's controller has few. They name objects one by one, so a Node or a
MachineConfig more changes them. Until they are applied the gates and the Job that labels Nodes are refused what is new.`,
  sources: [
    {
      claim: 'nobody hands out rights that they do not have',
      url: 'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping',
    },
  ],
  examples: {
    bad: [
      {
        name: 'a node comes',
        before: fleet(qatPool('', 'node01')),
        after: fleet(qatPool()),
        expected: '1 object of the rights under gitops/access changes',
      },
    ],
    good: [{ name: 'the same rights', before: fleet(qatPool()), after: fleet(qatPool('maxUnavailable: 2')) }],
  },
  *find({ changes, sides }) {
    const { cluster } = sides.after.baseline;
    if (cluster.gitopsTool !== 'argocd' || cluster.nodePlatform !== 'openshift') return;
    const changed = changesOf(changes, 'object').filter(
      (change) => change.sign !== 'removed' && change.after.state.path.startsWith('gitops/access/'),
    );
    if (changed.length === 0) return;
    yield {
      message: `${counted(changed.length, 'object')} of the rights under gitops/access ${changed.length === 1 ? 'changes' : 'change'}`,
      radius: radiusOf([], []),
      notes: [shortList(changed.map(({ name }) => name))],
      help: ['let an administrator apply `gitops/access` before the stages are synchronised'],
      changes: changed.map(({ key }) => key),
    };
  },
});
