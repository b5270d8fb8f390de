import type { AnalysedMachine } from '../../analysis';
import { isJsonObject, jsonAt } from '../../model';
import { exampleMachine } from '../example';
import { inSpec, itemsIn, machineFindings, specPlace } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

export const unsupportedOnArm64 = defineRule({
  code: 'VMI341',
  slug: 'vm/unsupported-on-arm64',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'a VM for arm64 has what there is on amd64 only',
  why: `
On arm64 there is no BIOS, no CPU model but \`host-passthrough\`, no watchdog, no sound device, and disks are on virtio or scsi. virt-api refuses
anything else.`,
  sources: [
    {
      claim: 'what is refused on arm64',
      url: `${KUBEVIRT}/pkg/virt-api/webhooks/arm64.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'a disk on SATA',
        yaml: exampleMachine(`
architecture: arm64
domain:
  memory: { guest: 4Gi }
  devices: { disks: [{ name: root, disk: { bus: «sata» } }] }
volumes: [{ name: root, containerDisk: { image: "quay.io/containerdisks/fedora:42" } }]
`),
      },
    ],
    good: [
      {
        name: 'a disk on virtio',
        yaml: exampleMachine(`
architecture: arm64
domain:
  memory: { guest: 4Gi }
  devices: { disks: [{ name: root, disk: { bus: virtio } }] }
volumes: [{ name: root, containerDisk: { image: "quay.io/containerdisks/fedora:42" } }]
`),
      },
    ],
  },
  *check({ analysis }) {
    yield* machineFindings(analysis, function* (machine) {
      if (inSpec(machine, 'architecture') !== 'arm64') return;
      for (const { what, path } of unsupported(machine)) {
        yield {
          message: (vm) => `${vm} is for arm64 and has ${what}`,
          at: specPlace(machine, ...path),
          label: 'not on arm64',
          secondary: [{ at: specPlace(machine, 'architecture'), text: 'for arm64' }],
          notes: ['virt-api refuses such a VM'],
        };
      }
    });
  },
});

function unsupported(
  machine: AnalysedMachine,
): readonly { readonly what: string; readonly path: readonly (string | number)[] }[] {
  const devices = ['domain', 'devices'];
  const bios = ['domain', 'firmware', 'bootloader', 'bios'];
  const model = inSpec(machine, 'domain', 'cpu', 'model');
  return [
    ...(isJsonObject(inSpec(machine, ...bios)) ? [{ what: 'a BIOS', path: bios }] : []),
    ...(typeof model === 'string' && model !== '' && model !== 'host-passthrough'
      ? [{ what: 'a CPU model of its own', path: ['domain', 'cpu', 'model'] }]
      : []),
    ...(isJsonObject(inSpec(machine, ...devices, 'watchdog'))
      ? [{ what: 'a watchdog', path: [...devices, 'watchdog'] }]
      : []),
    ...(isJsonObject(inSpec(machine, ...devices, 'sound'))
      ? [{ what: 'a sound device', path: [...devices, 'sound'] }]
      : []),
    ...itemsIn(machine, ...devices, 'disks').flatMap((disk, i) =>
      ['disk', 'cdrom', 'lun'].flatMap((kind) => {
        const bus = jsonAt(disk, kind, 'bus');
        return typeof bus !== 'string' || bus === 'virtio' || bus === 'scsi'
          ? []
          : [{ what: 'a disk on another bus than virtio and scsi', path: [...devices, 'disks', i, kind, 'bus'] }];
      }),
    ),
  ];
}
