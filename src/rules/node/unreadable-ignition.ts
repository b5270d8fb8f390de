import { isJsonObject, jsonAt } from '../../model';
import { keyPlace, placeAt } from '../../source';
import { exampleMachineConfig } from '../example';
import { writtenConfigs } from '../machine-configs';
import { defineRule } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';
import { fitting } from '../words';

const withConfig = (config: string): string =>
  exampleMachineConfig('100-worker-iommu', `kernelArguments: [intel_iommu=on]\n${config}`);

export const unreadableIgnition = defineRule({
  code: 'NOD455',
  slug: 'node/unreadable-ignition',
  severity: 'error',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: 'the Ignition config of a MachineConfig has no version that can be read',
  why: `
Wherever \`spec.config\` is there, it is parsed: an empty one too, and without \`ignition.version\` that fails. Versions 2.2 and 3.0 to 3.5 are read. One
MachineConfig that cannot be read stops rendering for its whole pool, cluster updates included.`,
  sources: [
    {
      claim: 'the config is parsed wherever it is there (ValidateMachineConfig)',
      url: `${MACHINE_CONFIG_OPERATOR}/19ba3dda6e7a34fe5f15917152271191f9adb655/pkg/controller/common/helpers.go`,
    },
  ],
  examples: {
    bad: [
      { name: 'empty', reads: 'manifests', yaml: withConfig('«config»: {}') },
      { name: 'too new', reads: 'manifests', yaml: withConfig('config: { ignition: { version: «3.6.0» } }') },
    ],
    good: [{ name: 'not there', reads: 'manifests', yaml: withConfig('') }],
  },
  *check({ fleet }) {
    for (const { name, object } of writtenConfigs(fleet)) {
      const config = jsonAt(object.content, 'spec', 'config');
      if (!isJsonObject(config)) continue;
      const version = jsonAt(config, 'ignition', 'version');
      if (typeof version === 'string' && /^(?:2\.2|3\.[0-5])\.\d+(?:-experimental)?$/.test(version)) continue;
      const isMissing = version === undefined || version === null;
      const place = placeAt(object.place, 'spec', 'config');
      yield {
        message: fitting(
          `the Ignition config of MachineConfig ${name} cannot be read`,
          'the Ignition config of a MachineConfig cannot be read',
        ),
        primary: isMissing
          ? { at: keyPlace(place), text: 'needs `ignition.version`' }
          : { at: placeAt(place, 'ignition', 'version'), text: 'read are 2.2 and 3.0 to 3.5' },
        notes: ['the machine-config-operator renders nothing for the pool any more'],
        help: [
          isMissing ? 'leave `config` out where there is nothing in it' : 'write `3.2.0`, which every release reads',
        ],
      };
    }
  },
});
