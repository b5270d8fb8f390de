import { placeAt, type Place } from '../../source';
import { listedTypes, mediatedConfiguration, nodeConfigurations } from '../configurations';
import { exampleFleet } from '../example';
import { mediatedResources } from '../mediated';
import { defineRule, type FleetFinding } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

export const spacedTypeName = defineRule({
  code: 'MDV203',
  slug: 'mdev/spaced-type-name',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'an mdev type to create is spelled with blanks where KubeVirt compares underscores',
  why: `
\`mediatedDeviceTypes\` says which types virt-handler creates. It compares each entry, as it stands, with the type's id and with its name in
which blanks have become underscores. \`GRID T4-1Q\` matches neither: the type is not created, and existing devices of that type are
removed as not wanted. hostdev writes \`typeId\` into this list where there is one, else the name with underscores.`,
  sources: [
    {
      claim: 'host names get underscores, listed names do not',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/mediated_devices_types.go#L87-L96`,
    },
    {
      claim: 'what is not listed is removed',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/mediated_devices_types.go#L249-L268`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'the name as `typeId`',
        yaml: exampleFleet(`
devices:
  t4-1q: { mdev: { name: GRID T4-1Q, typeId: «GRID T4-1Q» }, resourceName: nvidia.com/GRID_T4-1Q }
`),
      },
    ],
    good: [
      {
        name: 'the id, or nothing',
        yaml: exampleFleet(`
devices:
  t4-1q: { mdev: { name: GRID T4-1Q, typeId: nvidia-222 }, resourceName: nvidia.com/GRID_T4-1Q }
  t4-2q: { mdev: { name: GRID T4-2Q }, resourceName: nvidia.com/GRID_T4-2Q }
`),
      },
    ],
  },
  *check({ fleet, analysis }) {
    for (const { device } of mediatedResources(analysis)) {
      if (device.typeId?.includes(' ') !== true) continue;
      yield spaced(device.typeId, placeAt(device.place, 'mdev', 'typeId'));
    }
    // lists that others wrote are kept as they are
    const configuration = mediatedConfiguration(fleet);
    if (configuration === undefined) return;
    for (const holder of [configuration, ...nodeConfigurations(configuration)]) {
      for (const { text, place } of listedTypes(holder)) if (text.includes(' ')) yield spaced(text, place);
    }
  },
});

function spaced(text: string, at: Place): FleetFinding {
  return {
    message: fitting(
      `mdev type \`${text}\` never matches a type on a host`,
      'an mdev type with blanks never matches a type on a host',
    ),
    primary: { at, text: 'contains a blank' },
    notes: ["virt-handler replaces blanks in the host's names by `_` and compares this entry as it stands"],
    fixes: [
      {
        title: 'write the name as virt-handler sees it',
        safe: true,
        edits: [{ at, text: JSON.stringify(text.trim().replaceAll(' ', '_')) }],
      },
    ],
  };
}
