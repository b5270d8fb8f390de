import { ROLE_LABEL, selectsLabels } from '../../openshift';
import { jsonAt } from '../../model';
import { keyPlace, placeAt } from '../../source';
import { exampleMachineConfig } from '../example';
import { writtenConfigs } from '../machine-configs';
import { defineRule } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';
import { fitting } from '../words';

const CONFIG = exampleMachineConfig('100-worker-iommu', 'kernelArguments: [intel_iommu=on]');

export const configWithoutRole = defineRule({
  code: 'NOD458',
  slug: 'node/config-without-role',
  severity: 'error',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: 'no pool takes a MachineConfig, because it has no role',
  why: `
Pools choose their MachineConfigs by label, by convention \`machineconfiguration.openshift.io/role\`. A config without it is accepted and does nothing: no node
ever gets its arguments or files.`,
  sources: [
    {
      claim: 'pools choose by label',
      url: `${MACHINE_CONFIG_OPERATOR}/19ba3dda6e7a34fe5f15917152271191f9adb655/pkg/controller/common/helpers.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'no label',
        reads: 'manifests',
        yaml: CONFIG.replace(/\n {2}labels:[^\n]*/, '').replace('metadata:', '«metadata»:'),
      },
    ],
    good: [{ name: 'for worker', reads: 'manifests', yaml: CONFIG }],
  },
  *check({ fleet }) {
    const pools = (fleet.cluster.current ?? []).filter(({ kind }) => kind === 'MachineConfigPool');
    for (const { name, labels, object } of writtenConfigs(fleet)) {
      const isChosen = pools.some(({ content }) =>
        selectsLabels(jsonAt(content, 'spec', 'machineConfigSelector'), labels),
      );
      if (Object.hasOwn(labels, ROLE_LABEL) || isChosen) continue;
      yield {
        message: fitting(`no pool takes MachineConfig ${name}`, 'no pool takes a MachineConfig'),
        primary: { at: keyPlace(placeAt(object.place, 'metadata', 'labels')), text: 'has no role' },
        help: [`add the label \`${ROLE_LABEL}: worker\`, or that of another pool`],
      };
    }
  },
});
