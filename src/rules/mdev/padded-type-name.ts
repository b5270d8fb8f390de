import { normalisedMdevName } from '../../kubevirt';
import { exampleFleet } from '../example';
import { mediatedResources } from '../mediated';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

export const paddedTypeName = defineRule({
  code: 'MDV201',
  slug: 'mdev/padded-type-name',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'the name of a mediated device type begins or ends with a blank',
  why: `
virt-handler makes every blank of \`mdevNameSelector\` an underscore and cuts the ends after that, so a leading or trailing blank stays
as an underscore. The host's own name has none there: the selector matches nothing, and the resource never appears.`,
  sources: [
    {
      claim: 'blanks become underscores first',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/device_controller.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'a blank at the end',
        yaml: exampleFleet(`
devices:
  t4-1q: { mdev: { name: «"GRID T4-1Q "» }, resourceName: nvidia.com/GRID_T4-1Q }
`),
      },
    ],
    good: [
      {
        name: 'blanks inside the name are the vendor’s',
        yaml: exampleFleet(`
devices:
  t4-1q: { mdev: { name: GRID T4-1Q }, resourceName: nvidia.com/GRID_T4-1Q }
`),
      },
    ],
  },
  *check({ analysis }) {
    for (const { device } of mediatedResources(analysis)) {
      const name = device.typeName;
      const trimmed = name.trim();
      if (normalisedMdevName(name) === normalisedMdevName(trimmed)) continue;
      const at = device.typeNamePlace;
      yield {
        message: fitting(
          `mdev type name \`${name}\` of device ${device.name} never matches a type on a host`,
          `the mdev type name of device ${device.name} never matches a type on a host`,
          'an mdev type name never matches a type on a host',
        ),
        primary: { at, text: 'a blank at an end' },
        notes: [`virt-handler compares ${normalisedMdevName(name)}, the host has ${normalisedMdevName(trimmed)}`],
        fixes: [{ title: 'cut the blanks', safe: true, edits: [{ at, text: JSON.stringify(trimmed) }] }],
      };
    }
  },
});
