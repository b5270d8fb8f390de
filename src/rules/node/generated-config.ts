import { isJsonObject, jsonAt } from '../../model';
import { keyPlace, placeAt } from '../../source';
import { exampleMachineConfig } from '../example';
import { isWritten } from '../machine-configs';
import { defineRule } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';
import { fitting } from '../words';

const ANNOTATION = 'machineconfiguration.openshift.io/generated-by-controller-version';

const CONFIG = exampleMachineConfig('100-worker-iommu', 'kernelArguments: [intel_iommu=on]');

export const generatedConfig = defineRule({
  code: 'NOD459',
  slug: 'node/generated-config',
  severity: 'error',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: 'a MachineConfig is written as if the operator had generated it',
  why: `
Names that begin with \`rendered-\` are the operator's own, and so is the annotation that says which version of its controller generated a config. With the
annotation of another version rendering waits for a controller that never comes, and the pool stands still. Both come along when a
live object is copied into a repository.`,
  sources: [
    {
      claim: 'the annotation is compared',
      url: `${MACHINE_CONFIG_OPERATOR}/19ba3dda6e7a34fe5f15917152271191f9adb655/pkg/controller/common/helpers.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'copied with its annotation',
        reads: 'manifests',
        yaml: CONFIG.replace('metadata:', `metadata:\n  annotations: { «${ANNOTATION}»: 5f2c }`),
      },
    ],
    good: [{ name: 'without', reads: 'manifests', yaml: CONFIG }],
  },
  *check({ fleet }) {
    for (const object of fleet.cluster.current ?? []) {
      if (object.kind !== 'MachineConfig' || !isWritten(object)) continue;
      const { name, content, place } = object;
      const annotations = jsonAt(content, 'metadata', 'annotations');
      const isAnnotated = isJsonObject(annotations) && Object.hasOwn(annotations, ANNOTATION);
      if (!isAnnotated && !name.startsWith('rendered-')) continue;
      yield {
        message: fitting(
          `MachineConfig ${name} is written as if the operator had generated it`,
          'a MachineConfig is written as if the operator had generated it',
        ),
        primary: isAnnotated
          ? { at: keyPlace(placeAt(place, 'metadata', 'annotations', ANNOTATION)), text: 'set by the controller only' }
          : { at: placeAt(place, 'metadata', 'name'), text: 'a name of the controller’s own' },
        notes: ['the machine-config-operator stops rendering for the pool'],
        help: [isAnnotated ? 'remove the annotation' : 'remove the object: the operator makes it from the others'],
      };
    }
  },
});
