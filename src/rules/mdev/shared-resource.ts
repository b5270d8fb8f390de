import { groupBy } from '../../model';
import { normalisedMdevName } from '../../kubevirt';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { mediatedResources } from '../mediated';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting, fittingLabel } from '../words';

export const sharedResource = defineRule({
  code: 'MDV206',
  slug: 'mdev/shared-resource',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'two mdev types are offered under one resource name',
  why: `
For PCI devices several selectors may share a resource name. For mediated devices virt-handler makes one plugin for each type and keeps
them in a map by resource name, so one of them survives; since the types come from a map it is another one at each refresh and
on each node. A VM gets a type by chance.`,
  sources: [
    {
      claim: 'plugins are kept by resource name',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/device_controller.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'two sizes under one name',
        yaml: exampleFleet(`
devices:
  t4-1q: { mdev: { name: GRID T4-1Q }, resourceName: example.com/vgpu }
  t4-2q: { mdev: { name: GRID T4-2Q }, resourceName: «example.com/vgpu» }
`),
      },
    ],
    good: [
      {
        name: 'a name for each type',
        yaml: exampleFleet(`
devices:
  t4-1q: { mdev: { name: GRID T4-1Q }, resourceName: example.com/t4-1q }
  t4-2q: { mdev: { name: GRID T4-2Q }, resourceName: example.com/t4-2q }
`),
      },
    ],
  },
  *check({ analysis }) {
    const internal = mediatedResources(analysis).filter(({ resource }) => !resource.isExternal);
    for (const [name, [first, ...others]] of groupBy(internal, ({ resource }) => resource.name)) {
      if (name === undefined || first === undefined) continue;
      const type = normalisedMdevName(first.device.typeName);
      // the same type twice is mdev/colliding-type-names
      for (const { device } of others.filter((other) => normalisedMdevName(other.device.typeName) !== type)) {
        yield {
          message: fitting(
            `mdev types ${first.device.typeName} and ${device.typeName} share resource name ${name}`,
            `2 mdev types share resource name ${name}`,
            '2 mdev types share a resource name',
          ),
          primary: {
            at: placeAt(device.place, 'resourceName'),
            text: fittingLabel(`the name of ${first.device.name} too`, 'the same name'),
          },
          secondary: [{ at: placeAt(first.device.place, 'resourceName'), text: 'first used here' }],
          notes: ['virt-handler keeps one plugin for each resource name, and which one is left to chance'],
          help: ['give each type a resource name of its own'],
        };
      }
    }
  },
});
