import { jsonAt, type CurrentObject, type Fleet } from '../../model';
import { placeAt } from '../../source';
import { handlesMediatedDevices, mediatedConfiguration, nodeConfigurations, wantedTypes } from '../configurations';
import { exampleKubeVirt } from '../example';
import { mediatedResources } from '../mediated';
import { listAt } from '../../openshift';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

const MAKER = `
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: nvidia-vgpu-device-manager, namespace: gpu-operator }
spec:
  template:
    spec:
      containers: [{ name: manager, image: "nvcr.io/nvidia/cloud-native/vgpu-device-manager:v0.4.1" }]
`;

const with1q = (more: string, external = ''): string =>
  exampleKubeVirt(`
${more}permittedHostDevices:
  mediatedDevices:
    - { mdevNameSelector: ${external === '' ? '«GRID T4-1Q»' : 'GRID T4-1Q'}, resourceName: nvidia.com/GRID_T4-1Q${external} }
`) + MAKER;

export const foreignMaker = defineRule({
  code: 'MDV225',
  slug: 'mdev/foreign-maker',
  severity: 'error',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: 'mediated devices are made by a program whose devices virt-handler removes',
  why: `
virt-handler handles mediated devices unless it is told not to, also where \`mediatedDevicesConfiguration\` is not there: at every refresh it removes each one whose type it
is not told to create, unless a permitted entry of the type has \`externalResourceProvider: true\`. What NVIDIA's vgpu-device-manager makes is gone within
two minutes.`,
  sources: [
    {
      claim: 'what is not wanted is removed',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/mediated_devices_types.go#L249-L268`,
    },
    { claim: 'it happened', url: 'https://github.com/kubevirt/kubevirt/issues/9037' },
  ],
  examples: {
    bad: [{ name: "NVIDIA's vgpu-device-manager", reads: 'manifests', yaml: with1q('') }],
    good: [
      {
        name: 'the handling is off',
        reads: 'manifests',
        yaml: with1q(
          'developerConfiguration: { featureGates: [DisableMDEVConfiguration] }\n',
          ', externalResourceProvider: false',
        ),
      },
      {
        name: 'another plugin serves them',
        reads: 'manifests',
        yaml: with1q('', ', externalResourceProvider: true'),
      },
    ],
  },
  *check({ fleet, analysis }) {
    const maker = fleet.cluster.current?.find(isVgpuDeviceManager);
    if (maker === undefined || !handlesMediatedDevices(fleet) || wantsTypes(fleet)) return;
    for (const { device, resource } of mediatedResources(analysis)) {
      if (resource.isExternal) continue;
      yield {
        message: fitting(
          `virt-handler removes mediated devices of type ${device.typeName}, which ${maker.name} makes`,
          `virt-handler removes the mediated devices that ${maker.name} makes`,
          'virt-handler removes mediated devices that another program makes',
        ),
        primary: { at: device.typeNamePlace, text: "served by KubeVirt's own plugin" },
        secondary: [{ at: placeAt(maker.place, 'metadata', 'name'), text: 'makes mediated devices' }],
        notes: ['virt-handler removes what it is not told to create, unless an entry marks the type as external'],
        help: [
          'set `mediatedDevicesConfiguration.enabled: false`, before KubeVirt 1.8 the gate `DisableMDEVConfiguration`',
        ],
      };
      return;
    }
  },
});

/** What virt-handler is told to create it does not remove, whoever made it. */
function wantsTypes(fleet: Fleet): boolean {
  const configuration = mediatedConfiguration(fleet);
  if (configuration === undefined) return false;
  return [configuration, ...nodeConfigurations(configuration)].some((holder) => wantedTypes(holder).length > 0);
}

function isVgpuDeviceManager({ kind, content }: CurrentObject): boolean {
  if (kind !== 'DaemonSet') return false;
  return listAt(content, 'spec', 'template', 'spec', 'containers').some((container) => {
    const image = jsonAt(container, 'image');
    return typeof image === 'string' && /(?:^|\/)vgpu-device-manager(?::|@|$)/.test(image);
  });
}
