import { jsonAt } from '../../model';
import { isStandardPool, ROLE_LABEL, selectsLabels } from '../../openshift';
import { placeAt } from '../../source';
import { defineRule } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';
import { fitting } from '../words';

const selecting = (roles: string): string => `
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfigPool
metadata: { name: gpu }
spec:
  machineConfigSelector:
    matchExpressions:
      - { key: machineconfiguration.openshift.io/role, operator: In, values: ${roles} }
  nodeSelector: { matchLabels: { node-role.kubernetes.io/gpu: "" } }
`;

export const poolWithoutWorker = defineRule({
  code: 'NOD457',
  slug: 'node/pool-without-worker',
  severity: 'error',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: 'a custom machine config pool does not take the configs of worker',
  why: `
Every custom pool is a worker pool with more. Its \`machineConfigSelector\` has to choose the role \`worker\` too, \`In [worker, gpu]\`; an admission policy of the cluster
denies one that does not.`,
  sources: [
    {
      claim: 'how pools choose their configs',
      url: `${MACHINE_CONFIG_OPERATOR}/052894640fff35257be9fe711f0c357807d6d5ad/pkg/helpers/helpers.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'its own role alone',
        reads: 'manifests',
        yaml: selecting('[gpu]').replace('machineConfigSelector:', '«machineConfigSelector»:'),
      },
    ],
    good: [{ name: 'worker too', reads: 'manifests', yaml: selecting('[worker, gpu]') }],
  },
  *check({ fleet }) {
    for (const { kind, name, content, place } of fleet.cluster.current ?? []) {
      if (kind !== 'MachineConfigPool' || isStandardPool(name)) continue;
      const selector = jsonAt(content, 'spec', 'machineConfigSelector');
      const chooses = ['worker', 'master', 'arbiter'].some((role) => selectsLabels(selector, { [ROLE_LABEL]: role }));
      if (selector === undefined || chooses) continue;
      const at = placeAt(place, 'spec', 'machineConfigSelector');
      yield {
        message: fitting(
          `machine config pool ${name} does not take the configs of worker`,
          'a machine config pool does not take the configs of worker',
        ),
        primary: { at: at.kind === 'document' ? { ...at, part: 'key' } : at, text: 'does not choose role worker' },
        notes: ['the API server denies a custom pool that does not choose worker'],
        help: [`choose \`In [worker, ${name}]\``],
      };
    }
  },
});
