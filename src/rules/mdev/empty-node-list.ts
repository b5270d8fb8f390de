import { keyPlace, placeAt } from '../../source';
import { mediatedConfiguration, nodeConfigurations, wantedTypes } from '../configurations';
import { exampleKubeVirt } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

const forNode = (types: string): string =>
  exampleKubeVirt(`
mediatedDevicesConfiguration:
  mediatedDeviceTypes: [nvidia-222]
  nodeMediatedDeviceTypes:
    - nodeSelector: { kubernetes.io/hostname: node01 }
      ${types}
`);

export const emptyNodeList = defineRule({
  code: 'MDV221',
  slug: 'mdev/empty-node-list',
  severity: 'error',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: 'an empty list of types for some nodes does not keep them without types',
  why: `
Entries of \`nodeMediatedDeviceTypes\` replace the list for the whole cluster on the nodes that they select, but only where they name at least one type. An empty
list means the list of the cluster: the types are created there too.`,
  sources: [
    { claim: 'an empty list falls back (GetDesiredMDEVTypes)', url: `${KUBEVIRT}/pkg/virt-config/virt-config.go` },
  ],
  examples: {
    bad: [{ name: 'none for node01, as it seems', reads: 'manifests', yaml: forNode('«mediatedDeviceTypes»: []') }],
    good: [{ name: 'another type', reads: 'manifests', yaml: forNode('mediatedDeviceTypes: [nvidia-223]') }],
  },
  *check({ fleet }) {
    const configuration = mediatedConfiguration(fleet);
    if (configuration === undefined) return;
    const [global] = wantedTypes(configuration);
    if (global === undefined) return;
    for (const entry of nodeConfigurations(configuration)) {
      if (wantedTypes(entry).length > 0) continue;
      yield {
        message: 'an empty list of types gives its nodes the types of the cluster',
        primary: { at: keyPlace(placeAt(entry.place, 'mediatedDeviceTypes')), text: 'counts as not there' },
        secondary: [{ at: global.place, text: 'created on these nodes too' }],
        notes: ['virt-handler replaces the list of the cluster only by one that is not empty'],
        help: ['select the other nodes in entries of their own, and leave the list of the cluster empty'],
      };
    }
  },
});
