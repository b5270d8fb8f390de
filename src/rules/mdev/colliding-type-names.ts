import { groupBy } from '../../model';
import { normalisedMdevName } from '../../kubevirt';
import { exampleFleet } from '../example';
import { mediatedResources } from '../mediated';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting, fittingLabel } from '../words';

export const collidingTypeNames = defineRule({
  code: 'MDV204',
  slug: 'mdev/colliding-type-names',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'two devices select the same mdev type',
  why: `
virt-handler makes every blank of \`mdevNameSelector\` an underscore and builds a map from the result to the resource name. A second entry
for the same type replaces the first, so one of the two names is never advertised, while VMs that ask for it are accepted and stay
Pending. Where one of the two is external, two device plugins offer the same mediated devices.`,
  sources: [
    {
      claim: 'normalised names are the keys of a map',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/device_controller.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'one type in two spellings',
        yaml: exampleFleet(`
devices:
  t4-1q: { mdev: { name: GRID T4-1Q }, resourceName: nvidia.com/GRID_T4-1Q }
  t4-small: { mdev: { name: «GRID_T4-1Q» }, resourceName: example.com/t4-small }
`),
      },
    ],
    good: [
      {
        name: 'two types',
        yaml: exampleFleet(`
devices:
  t4-1q: { mdev: { name: GRID T4-1Q }, resourceName: nvidia.com/GRID_T4-1Q }
  t4-2q: { mdev: { name: GRID T4-2Q }, resourceName: nvidia.com/GRID_T4-2Q }
`),
      },
    ],
  },
  *check({ analysis }) {
    const byType = groupBy(mediatedResources(analysis), ({ device }) => normalisedMdevName(device.typeName));
    for (const [type, [first, ...others]] of byType) {
      if (first === undefined) continue;
      for (const { resource, device } of others) {
        if (resource.isExternal && first.resource.isExternal) continue;
        const sameName = resource.name !== undefined && resource.name === first.resource.name;
        yield {
          ...(sameName ? { severity: 'warning' as const } : {}),
          message: fitting(
            `mdev type ${type} is selected by ${first.device.name} and by ${device.name}`,
            `mdev type ${type} is selected twice`,
            'an mdev type is selected twice',
          ),
          primary: {
            at: device.typeNamePlace,
            text: fittingLabel(`selected again for ${resource.name ?? device.name}`, 'selected again'),
          },
          secondary: [
            {
              at: first.device.typeNamePlace,
              text: fittingLabel(
                `first selected for ${first.resource.name ?? first.device.name}`,
                'first selected here',
              ),
            },
          ],
          notes: [
            resource.isExternal || first.resource.isExternal
              ? 'virt-handler leaves out external entries only: its own plugin serves the type too'
              : 'virt-handler makes blanks underscores and keeps the last entry of a type',
          ],
          help: ['declare one device for the type'],
        };
      }
    }
  },
});
