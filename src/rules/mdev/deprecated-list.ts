import { keyPlace, placeAt } from '../../source';
import { mediatedConfiguration, nodeConfigurations } from '../configurations';
import { exampleKubeVirt } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

export const deprecatedList = defineRule({
  code: 'MDV220',
  slug: 'mdev/deprecated-list',
  severity: 'warning',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: 'the types to create stand in the list with the deprecated name',
  why: `
\`mediatedDevicesTypes\` is the old name of \`mediatedDeviceTypes\`. It is read only where the new list is empty: with both, the old one does nothing, and nobody
says so. KubeVirt answers with a warning, and a later release will drop the name.`,
  sources: [{ claim: 'which list is read (GetDesiredMDEVTypes)', url: `${KUBEVIRT}/pkg/virt-config/virt-config.go` }],
  examples: {
    bad: [
      {
        name: 'the old name',
        reads: 'manifests',
        yaml: exampleKubeVirt(`
mediatedDevicesConfiguration:
  «mediatedDevicesTypes»: [nvidia-222]
`),
      },
      {
        name: 'both, of which one does nothing',
        reads: 'manifests',
        yaml: exampleKubeVirt(`
mediatedDevicesConfiguration:
  mediatedDeviceTypes: [nvidia-222]
  «mediatedDevicesTypes»: [nvidia-223]
`),
      },
    ],
    good: [
      {
        name: 'the new name',
        reads: 'manifests',
        yaml: exampleKubeVirt(`
mediatedDevicesConfiguration:
  mediatedDeviceTypes: [nvidia-222]
`),
      },
    ],
  },
  *check({ fleet }) {
    const configuration = mediatedConfiguration(fleet);
    if (configuration === undefined) return;
    for (const { value, place } of [configuration, ...nodeConfigurations(configuration)]) {
      const { mediatedDevicesTypes: old, mediatedDeviceTypes: present } = value;
      if (!Array.isArray(old) || old.length === 0) continue;
      const isIgnored = Array.isArray(present) && present.length > 0;
      yield {
        ...(isIgnored ? { severity: 'error' as const } : {}),
        message: isIgnored ? '`mediatedDevicesTypes` is ignored' : '`mediatedDevicesTypes` is deprecated',
        primary: {
          at: keyPlace(placeAt(place, 'mediatedDevicesTypes')),
          text: isIgnored ? 'not read' : 'the old name',
        },
        secondary: isIgnored ? [{ at: keyPlace(placeAt(place, 'mediatedDeviceTypes')), text: 'this list counts' }] : [],
        help: [isIgnored ? 'put the types into one list' : 'write `mediatedDeviceTypes`'],
      };
    }
  },
});
