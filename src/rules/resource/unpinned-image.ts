import type { Analysis } from '../../analysis';
import { jsonAt, type JsonValue } from '../../model';
import { placeAt, type Place } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBERNETES } from '../sources';
import { fitting } from '../words';

const FLEET = (image: string): string =>
  exampleFleet(`
devices:
  npu: { pci: ["1ae0:0056"], resourceName: acme.example.com/npu, devicePlugin: acme }
devicePlugins:
  acme: { image: ${image} }
nodePools:
  npus: { nodes: [node01], cpuVendor: amd, iommu: { amdArgument: omit }, passthrough: [{ device: npu, addresses: ["0000:c1:00.0"] }] }
`);

export const unpinnedImage = defineRule({
  code: 'RES702',
  slug: 'resource/unpinned-image',
  severity: 'warning',
  needs: [],
  summary: 'the image of a device plugin is not pinned',
  why: `
An image without a tag is \`:latest\`, and that one is whatever was pushed last: it is pulled again whenever a pod starts. Pods of one DaemonSet then run different programs on
different nodes, and a node that boots may get one that names its resources otherwise. A digest, or a tag that is not moved, is one program.`,
  sources: [
    {
      claim: 'an image without a tag is `latest`, which is pulled at every start',
      url: `${KUBERNETES}/pkg/apis/core/v1/defaults.go`,
    },
  ],
  examples: {
    bad: [
      { name: 'the latest', yaml: FLEET('«"registry.example.com/acme/kubevirt-device-plugin:latest"»') },
      { name: 'no tag behind a port', yaml: FLEET('«"registry.example.com:5000/acme/kubevirt-device-plugin"»') },
    ],
    good: [
      { name: 'a tag', yaml: FLEET('"registry.example.com:5000/acme/kubevirt-device-plugin:2.3.1"') },
      {
        name: 'a digest',
        yaml: FLEET(
          '"registry.example.com/acme/plugin@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"',
        ),
      },
    ],
  },
  *check({ analysis }) {
    for (const { plugin, image, at } of images(analysis)) {
      if (image === '' || isPinned(image)) continue;
      yield {
        message: fitting(
          `the image of device plugin ${plugin} is not pinned`,
          'the image of a device plugin is not pinned',
        ),
        primary: { at, text: 'it may be another program tomorrow' },
        help: ['name a digest, or the tag of a release'],
      };
    }
  },
});

function* images({ fleet, nvidiaPluginNodes }: Analysis): Iterable<{
  readonly plugin: string;
  readonly image: string;
  readonly at: Place;
}> {
  const { nvidiaPlugin } = fleet;
  if (nvidiaPluginNodes.length > 0)
    yield { plugin: 'nvidia', image: nvidiaPlugin.image, at: placeAt(nvidiaPlugin.place, 'image') };
  for (const { name, image, place } of fleet.imagePlugins) yield { plugin: name, image, at: placeAt(place, 'image') };
  for (const { name, daemonSet, place } of fleet.vendorPlugins) {
    const pod = jsonAt(daemonSet, 'spec', 'template', 'spec');
    for (const container of [...listAt(pod, 'initContainers'), ...listAt(pod, 'containers')]) {
      const image = jsonAt(container, 'image');
      if (typeof image === 'string') yield { plugin: name, image, at: place };
    }
  }
}

function listAt(pod: JsonValue | undefined, key: string): readonly JsonValue[] {
  const list = jsonAt(pod, key);
  return Array.isArray(list) ? (list as readonly JsonValue[]) : [];
}

/** A colon before the last slash is that of a port. */
function isPinned(image: string): boolean {
  if (image.includes('@')) return true;
  const name = image.slice(image.lastIndexOf('/') + 1);
  const colon = name.lastIndexOf(':');
  return colon > 0 && colon < name.length - 1 && name.slice(colon + 1) !== 'latest';
}
