import { nearestName } from '../../kubevirt';
import type { Device, NodePool } from '../../model';
import { placeAt, type Place } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

const KIND_IN_WORDS: Readonly<Record<Device['kind'], string>> = {
  pci: 'a PCI device',
  mdev: 'a mediated device',
  vgpu: 'a vGPU',
  usb: 'a USB device',
};

const LIST_OF: Readonly<Record<Device['kind'], string>> = {
  pci: 'passthrough',
  mdev: 'mediatedDevices',
  vgpu: 'mediatedDevices',
  usb: 'usb',
};

export const unknownDevice = defineRule({
  code: 'NOD415',
  slug: 'node/unknown-device',
  severity: 'error',
  needs: [],
  absentFrom: ['devices'],
  summary: 'a pool names a device that the fleet does not declare, or one of another kind',
  why: `
\`passthrough\` hands PCI devices over, \`mediatedDevices\` makes shares of cards, and \`usb\` says which USB devices nodes hold: each takes
the id of a device of its kind from \`devices\`. KubeVirt keeps the three kinds in lists of their own. A name that is not
declared prepares nothing.`,
  sources: [
    {
      claim: 'three lists, one for each kind',
      url: `${KUBEVIRT}/staging/src/kubevirt.io/api/core/v1/types.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'a near miss',
        yaml: exampleFleet(`
devices:
  nvme: { pci: ["8086:5845"], resourceName: example.com/nvme }
nodePools:
  storage: { nodes: [node03], cpuVendor: intel, passthrough: [{ device: «nvmes» }] }
`),
      },
      {
        name: 'a share handed over whole',
        yaml: exampleFleet(`
devices:
  t4-1q: { mdev: { name: GRID T4-1Q }, resourceName: nvidia.com/GRID_T4-1Q }
nodePools:
  vgpu: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: «t4-1q» }] }
`),
      },
    ],
    good: [
      {
        name: 'each kind in its list',
        yaml: exampleFleet(`
devices:
  nvme: { pci: ["8086:5845"], resourceName: example.com/nvme }
  t4-1q: { mdev: { name: GRID T4-1Q }, resourceName: nvidia.com/GRID_T4-1Q }
nodePools:
  storage: { nodes: [node03], cpuVendor: intel, passthrough: [{ device: nvme }] }
  vgpu: { nodes: [node01], cpuVendor: intel, mediatedDevices: [{ device: t4-1q }] }
`),
      },
    ],
  },
  *check({ fleet, analysis }) {
    for (const pool of fleet.nodePools) {
      for (const { name, kind, at } of namedDevices(pool)) {
        const device = analysis.deviceByName.get(name);
        if (device !== undefined && LIST_OF[device.kind] === LIST_OF[kind]) continue;
        if (device !== undefined) {
          yield {
            message: fitting(
              `\`${LIST_OF[kind]}\` of pool ${pool.name} names ${name}, ${KIND_IN_WORDS[device.kind]}`,
              `\`${LIST_OF[kind]}\` of a pool names ${KIND_IN_WORDS[device.kind]}`,
            ),
            primary: { at, text: `takes the id of ${KIND_IN_WORDS[kind]}` },
            secondary: [{ at: device.place, text: KIND_IN_WORDS[device.kind] }],
            help: [`move the entry to \`${LIST_OF[device.kind]}\``],
          };
          continue;
        }
        const ofKind = fleet.devices.filter((one) => LIST_OF[one.kind] === LIST_OF[kind]).map((one) => one.name);
        const nearest = nearestName(name, ofKind);
        yield {
          message: fitting(
            `pool ${pool.name} names device ${name}, which is not declared`,
            `device ${name} is not declared`,
            'a device is not declared',
          ),
          primary: { at, text: 'no device has this name' },
          help: nearest === undefined ? ['declare the device under `devices`'] : [],
          fixes:
            nearest === undefined
              ? []
              : [{ title: 'use the declared name', safe: false, edits: [{ at, text: nearest }] }],
        };
      }
    }
  },
});

function namedDevices(pool: NodePool): { readonly name: string; readonly kind: Device['kind']; readonly at: Place }[] {
  return [
    ...pool.passthrough.map(({ device, place }) => ({
      name: device,
      kind: 'pci' as const,
      at: placeAt(place, 'device'),
    })),
    ...pool.mediatedDevices.map(({ device, place }) => ({
      name: device,
      kind: 'mdev' as const,
      at: placeAt(place, 'device'),
    })),
    ...pool.usb.map(({ device, place }) => ({ name: device, kind: 'usb' as const, at: place })),
  ];
}
