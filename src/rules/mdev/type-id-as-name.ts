import { exampleFleet } from '../example';
import { mediatedResources } from '../mediated';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

export const typeIdAsName = defineRule({
  code: 'MDV202',
  slug: 'mdev/type-id-as-name',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'the id of an NVIDIA mdev type stands where its name is compared',
  why: `
A mediated device type has a folder (\`nvidia-222\`, its id) and in it a file \`name\` (\`GRID T4-1Q\`). virt-handler compares
\`mdevNameSelector\` with the name; it falls back to the id only where the driver has no such file, and NVIDIA's has one. With the id as
selector the devices are made and never advertised. The list of types to create takes either.`,
  sources: [
    {
      claim: 'the name is read from the file `name`',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/mediated_device.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'the folder instead of the name',
        yaml: exampleFleet(`
devices:
  t4-1q: { mdev: { name: «nvidia-222» }, resourceName: nvidia.com/GRID_T4-1Q }
`),
      },
    ],
    good: [
      {
        name: 'both, each in its place',
        yaml: exampleFleet(`
devices:
  t4-1q: { mdev: { name: GRID T4-1Q, typeId: nvidia-222 }, resourceName: nvidia.com/GRID_T4-1Q }
`),
      },
    ],
  },
  *check({ analysis }) {
    for (const { device } of mediatedResources(analysis)) {
      if (!/^nvidia-\d+$/.test(device.typeName)) continue;
      yield {
        message: fitting(
          `mdev type name ${device.typeName} of device ${device.name} is the id of a type`,
          `mdev type name ${device.typeName} is the id of a type`,
          'an mdev type name is the id of a type',
        ),
        primary: { at: device.typeNamePlace, text: 'a folder below `mdev_supported_types`' },
        notes: ['virt-handler compares the name that the driver gives, `GRID T4-1Q` for example'],
        help: ['write the content of the file `name` in that folder, and the id under `typeId`'],
      };
    }
  },
});
