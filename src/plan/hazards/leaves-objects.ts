import type { Baseline } from '../baseline/baseline';
import { changesOf } from '../changes/diff-baselines';
import type { Change } from '../changes/change';
import { counted, shortList } from '../words';
import { exampleFleet, QAT_DEVICE, qatPool } from './example';
import { defineHazard, radiusOf } from './hazard';
import { ARGO_CD, FLUX } from './sources';

const fleet = (gitops: string): string =>
  exampleFleet(`
cluster:
  nodePlatform: openshift
  kubevirt: { version: "1.6" }
${gitops}
devices:
  ${QAT_DEVICE}
nodePools:
  ${qatPool()}
`);
const GITOPS = "  gitops: { tool: flux, repoURL: 'https://git.example.com/platform/fleet.git' }";

export const leavesObjects = defineHazard({
  code: 'PLN522',
  slug: 'plan/leaves-objects',
  severity: 'warning',
  summary: 'objects that are no longer written stay in the cluster, and go on working',
  why: `
Nothing is removed from a cluster by leaving Git alone. What \`cluster.gitops\` wrote before, of another tool or under another name of the fleet, goes on applying the same folders: two that apply
one object overwrite each other. A stage that has nothing left to apply is no longer synchronised, so what it applied last stays: a device plugin goes on advertising what another one is to serve.
KubeVirt's own object is protected from pruning, since its removal uninstalls KubeVirt.`,
  sources: [
    {
      claim: 'an Application without a finalizer leaves its objects',
      url: `${ARGO_CD}/docs/user-guide/app_deletion.md`,
    },
    { claim: 'what is removed with a Kustomization', url: `${FLUX}/docs/spec/v1/kustomizations.md` },
  ],
  examples: {
    bad: [
      {
        name: 'the tool is given up',
        before: fleet(GITOPS),
        after: fleet(''),
        expected: '18 objects are no longer written and stay in the cluster',
      },
    ],
    good: [{ name: 'a tool comes', before: fleet(''), after: fleet(GITOPS) }],
  },
  *find({ changes, sides }) {
    const { before, after } = sides;
    const left = changesOf(changes, 'object').filter(
      (change): change is Removed => change.sign === 'removed' && isLeft(change, before.baseline, after.baseline),
    );
    if (left.length === 0) return;
    const one = left.length === 1;
    const isTwofold = left.some(({ before: { state } }) => APPLIERS.test(state.path));
    yield {
      message: `${counted(left.length, 'object')} ${one ? 'is' : 'are'} no longer written and ${one ? 'stays' : 'stay'} in the cluster`,
      radius: radiusOf([], []),
      notes: [
        shortList(left.map(({ name }) => name)),
        ...(isTwofold ? ['what applied the fleet until now goes on applying the same folders'] : []),
      ],
      help: [
        isTwofold
          ? 'delete what applies them first, an Application without cascade, then the others'
          : 'delete them by hand',
      ],
      changes: left.map(({ key }) => key),
    };
  },
});

type Removed = Extract<Change, { kind: 'object'; sign: 'removed' }>;

/** Objects that apply others. */
const APPLIERS = /^gitops\/(?:argocd|flux)\//;

function isLeft({ before: { unit, state } }: Removed, before: Baseline, after: Baseline): boolean {
  const { path, kind } = state;
  if (kind === '' || unit !== undefined) return false;
  if (kind === 'KubeVirt' || kind === 'HyperConverged') return true;
  const tool = before.cluster.gitopsTool;
  if (tool === undefined || tool === 'none') return false;
  const isSame = tool === after.cluster.gitopsTool && before.fleet === after.fleet;
  // Argo CD takes the Application of a stage that is gone as long as the one that holds them is there
  if (APPLIERS.test(path)) return !isSame || tool !== 'argocd';
  if (path.startsWith('gitops/')) return !isSame;
  return (
    path.startsWith('device-plugins/') && !after.cluster.objects.some((one) => one.path.startsWith('device-plugins/'))
  );
}
