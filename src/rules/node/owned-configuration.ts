import { isJsonObject, jsonAt } from '../../model';
import { keyPlace, placeAt } from '../../source';
import { isWritten } from '../machine-configs';
import { defineRule } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';
import { fitting } from '../words';

const pool = (more: string): string => `
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfigPool
metadata: { name: gpu }
spec:
  machineConfigSelector:
    matchExpressions:
      - { key: machineconfiguration.openshift.io/role, operator: In, values: [worker, gpu] }
  nodeSelector: { matchLabels: { node-role.kubernetes.io/gpu: "" } }
${more}`;

export const ownedConfiguration = defineRule({
  code: 'NOD466',
  slug: 'node/owned-configuration',
  severity: 'error',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: 'a machine config pool is written with the configuration that its controller chooses',
  why: `
The render controller writes \`spec.configuration\` of a pool: the rendered config that the nodes are to have. A manifest that has it too sets the pool back to an older
one at every sync, and nodes are rolled back and forth. It comes along when a live pool is copied into a repository.`,
  sources: [
    {
      claim: 'the controller writes it',
      url: `${MACHINE_CONFIG_OPERATOR}/08932b0803e2006268ce97b00c7f35cad38a74f4/pkg/controller/node/node_controller.go`,
    },
  ],
  examples: {
    bad: [{ name: 'copied', reads: 'manifests', yaml: pool('  «configuration»: { name: rendered-gpu-5f2c }\n') }],
    good: [{ name: 'without', reads: 'manifests', yaml: pool('') }],
  },
  *check({ fleet }) {
    for (const object of fleet.cluster.current ?? []) {
      if (object.kind !== 'MachineConfigPool' || !isWritten(object)) continue;
      if (!isJsonObject(jsonAt(object.content, 'spec', 'configuration'))) continue;
      yield {
        message: fitting(
          `machine config pool ${object.name} is written with a rendered config`,
          'a machine config pool is written with a rendered config',
        ),
        primary: {
          at: keyPlace(placeAt(object.place, 'spec', 'configuration')),
          text: 'chosen by the render controller',
        },
        help: ['remove `configuration`'],
      };
    }
  },
});
