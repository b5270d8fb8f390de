import type { Fleet, GitOps } from '../../model';
import type { PlainFile } from '../manifest';
import { fleetName } from './job';

/** How the folder is put to work, for this fleet: what is applied by hand, once, and how reboots are let through. */
export function applyNote({
  fleet,
  gitops,
  hasAccess,
  hasAlerts,
}: {
  fleet: Fleet;
  gitops: GitOps;
  hasAccess: boolean;
  hasAlerts: boolean;
}): PlainFile {
  const isOpenShift = fleet.cluster.nodePlatform === 'openshift';
  const name = (suffix: string): string => fleetName(fleet, suffix);
  const folder = `${gitops.path}/gitops`;
  const steps =
    gitops.tool === 'argocd'
      ? [
          ...(hasAccess && isOpenShift
            ? [
                `As a cluster administrator, what the controller and the gates may do: \`oc apply -k ${folder}/access\`. Argo CD cannot do this itself: nobody may hand out rights that they do not have.`,
              ]
            : []),
          'Health of Applications, for the picture in the UI: the command stands in `application-health.yaml` beside this file.',
          `The Application that holds the others: \`kubectl apply -f ${folder}/argocd/application.${name('fleet')}.yaml\`.`,
        ]
      : [
          `A Secret for the repository where it needs one, named in both GitRepositories by \`secretRef\` (a patch in the repository that bootstraps Flux).`,
          `The sources and the chain: \`kubectl apply -k ${folder}/flux\`, or point the Kustomization that bootstraps Flux there.`,
        ];
  const reboots =
    gitops.reboots === 'automatic'
      ? 'Reboots are automatic: whatever is merged is rolled out.'
      : gitops.tool === 'argocd'
        ? `Reboots wait for a person: \`argocd app sync ${name('node-prep')}\`. The stages behind it wait at their gates until the nodes are ready.`
        : `Reboots wait for a person: \`flux resume source git ${name('reboots')}\`, and \`flux suspend source git ${name('reboots')}\` once it has the commit. The stages behind it wait at their gates until the nodes are ready.`;
  const text = [
    `# How ${fleet.name} gets into the cluster`,
    '',
    'Once, by hand:',
    '',
    ...steps.map((step, i) => `${i + 1}. ${step}`),
    '',
    reboots,
    '',
    'What a gate waits for is the last line of its pod: `kubectl logs -n hostdev-gates -l app.kubernetes.io/part-of=hostdev --prefix`.',
    '',
    ...(hasAlerts
      ? [
          `Alerts for devices that are declared and missing: \`kubectl apply -k ${folder}/alerts\`, where Prometheus' operator is.`,
          '',
        ]
      : []),
  ].join('\n');
  return { path: 'gitops/apply-by-hand/README.md', text, modelPath: 'cluster.gitops' };
}
