import type { Fleet } from '../../model';
import { normalisedMdevName } from '../../kubevirt';
import { handlesMediatedDevices, mediatedConfiguration, nodeConfigurations, wantedTypes } from '../configurations';
import { exampleKubeVirt } from '../example';
import { mediatedResources } from '../mediated';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

const creating = (type: string, permitted = 'GRID T4-1Q'): string =>
  exampleKubeVirt(`
mediatedDevicesConfiguration: { mediatedDeviceTypes: [${type}] }
permittedHostDevices:
  mediatedDevices: [{ mdevNameSelector: ${permitted}, resourceName: nvidia.com/GRID_T4 }]
`);

export const unpermittedType = defineRule({
  code: 'MDV223',
  slug: 'mdev/unpermitted-type',
  severity: 'error',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: 'the mdev types that are created are not those that are permitted',
  why: `
One type is spelled in two places: in \`mediatedDevicesConfiguration\`, which says what virt-handler creates, and in \`permittedHostDevices\`, which says what it
exposes. A permitted type that nobody creates is a resource of which every node has 0; a created one that is not permitted takes the card and
is offered to nobody. Types given by their id (\`nvidia-222\`) cannot be compared with names, so a list with ids is not judged.`,
  sources: [
    {
      claim: 'what is created',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/mediated_devices_types.go`,
    },
    { claim: 'what is exposed', url: `${KUBEVIRT}/pkg/virt-handler/device-manager/mediated_device.go` },
  ],
  examples: {
    bad: [
      {
        name: 'another size is created',
        reads: 'manifests',
        yaml: creating('GRID_T4-2Q', '«GRID T4-1Q»'),
      },
    ],
    good: [
      { name: 'the same type', reads: 'manifests', yaml: creating('GRID_T4-1Q') },
      { name: 'by id', reads: 'manifests', yaml: creating('nvidia-222') },
    ],
  },
  *check({ fleet, analysis }) {
    const wanted = wantedNames(fleet);
    if (wanted === undefined || !handlesMediatedDevices(fleet)) return;
    const mediated = mediatedResources(analysis);
    const permitted = new Set(mediated.map(({ device }) => normalisedMdevName(device.typeName)));
    const lonely = wanted.filter(({ text }) => !permitted.has(text));
    const names = new Set(wanted.map(({ text }) => text));
    const absent = mediated.filter(
      ({ device, resource }) => !resource.isExternal && !names.has(normalisedMdevName(device.typeName)),
    );
    for (const { device } of absent) {
      const other = lonely[0];
      yield {
        message: fitting(
          `mdev type ${device.typeName} is permitted and never created`,
          'an mdev type is permitted and never created',
        ),
        primary: { at: device.typeNamePlace, text: 'no list of types to create has it' },
        secondary: other === undefined ? [] : [{ at: other.place, text: 'created, and not permitted' }],
        notes: ['virt-handler removes mediated devices of types that it is not told to create'],
        help: ['name the same type in both places'],
      };
    }
    for (const { text, place } of absent.length > 0 ? [] : lonely) {
      yield {
        severity: 'warning',
        message: fitting(`mdev type ${text} is created and not permitted`, 'an mdev type is created and not permitted'),
        primary: { at: place, text: 'offered to no VM' },
        help: ['permit the type, or do not create it'],
      };
    }
  },
});

/** The names of all types that are to be created anywhere; undefined where there are none, or where one is an id. */
function wantedNames(fleet: Fleet): ReturnType<typeof wantedTypes> | undefined {
  const configuration = mediatedConfiguration(fleet);
  if (configuration === undefined) return undefined;
  const types = [configuration, ...nodeConfigurations(configuration)].flatMap(wantedTypes);
  // nvidia-222, i915-GVTg_V5_4: a folder below mdev_supported_types
  const hasId = types.some(({ text }) => /^[a-z0-9_]+-/.test(text) || text.includes(' '));
  return types.length === 0 || hasId ? undefined : types;
}
