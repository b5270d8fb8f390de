import type { PermittedList } from '../../analysis';
import { groupBy, type Device } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting, fittingLabel } from '../words';

const KIND_IN_WORDS: Readonly<Record<Device['kind'], string>> = {
  pci: 'a PCI device',
  mdev: 'a mediated device',
  vgpu: 'a vGPU',
  usb: 'a USB device',
};

const SECTION: Readonly<Record<Device['kind'], PermittedList>> = {
  pci: 'pciHostDevices',
  mdev: 'mediatedDevices',
  vgpu: 'pciHostDevices',
  usb: 'usb',
};

export const crossSectionName = defineRule({
  code: 'RES604',
  slug: 'resource/cross-section-name',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'one resource name stands for devices of two kinds, or of two providers',
  why: `
virt-handler keeps its plugins in a map by resource name, PCI first, then mediated, then USB: the later kind replaces the earlier one, and
VMs that ask for the name get the wrong kind or nothing. Where KubeVirt's own plugin and another one serve the same name, both
register it and kubelet keeps the one that came last.`,
  sources: [
    {
      claim: 'plugins are kept by resource name',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/device_controller.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'the whole card and its share',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
  t4-1q: { mdev: { name: GRID T4-1Q }, resourceName: «example.com/t4» }
`),
      },
      {
        name: 'two providers',
        yaml: exampleFleet(`
devices:
  a2: { pci: ["10de:25b6"], resourceName: example.com/gpu }
  t4: { pci: ["10de:1eb8"], resourceName: «example.com/gpu», externalResourceProvider: true }
`),
      },
    ],
    good: [
      {
        name: 'two models under one name',
        yaml: exampleFleet(`
devices:
  gpu: { pci: ["10de:25b6", "10de:1eb8"], resourceName: example.com/gpu }
`),
      },
    ],
  },
  *check({ analysis }) {
    for (const [name, [first, ...others]] of groupBy(analysis.resources, (resource) => resource.name)) {
      if (name === undefined || first === undefined) continue;
      const other = others.find(
        ({ device, isExternal }) =>
          SECTION[device.kind] !== SECTION[first.device.kind] || isExternal !== first.isExternal,
      );
      if (other === undefined) continue;
      const differInKind = SECTION[other.device.kind] !== SECTION[first.device.kind];
      yield {
        message: fitting(
          `resource name \`${name}\` stands for ${first.device.name} and for ${other.device.name}`,
          `resource name \`${name}\` stands for 2 devices`,
          'a resource name stands for 2 devices',
        ),
        primary: {
          at: placeAt(other.device.place, 'resourceName'),
          text: differInKind
            ? KIND_IN_WORDS[other.device.kind]
            : fittingLabel(providerInWords(other.isExternal), 'another provider'),
        },
        secondary: [
          {
            at: placeAt(first.device.place, 'resourceName'),
            text: differInKind ? KIND_IN_WORDS[first.device.kind] : providerInWords(first.isExternal),
          },
        ],
        notes: [
          differInKind
            ? 'virt-handler keeps one plugin for each resource name'
            : 'kubelet keeps the plugin that registered a resource name last',
        ],
        help: ['give each its own resource name'],
      };
    }
  },
});

function providerInWords(isExternal: boolean): string {
  return isExternal ? 'served by another device plugin' : "served by KubeVirt's own plugin";
}
