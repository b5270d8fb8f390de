import { parsePciId, type PciVendorSelector } from '../../model';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

export const malformedSelector = defineRule({
  code: 'PCI101',
  slug: 'pci/malformed-selector',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'a PCI selector is not `vendor:device`',
  why: `
virt-handler turns \`pciVendorSelector\` into lower case and uses it as the exact key of a map; the keys on the other side are the
ids in sysfs, four hexadecimal digits each. A blank, a \`0x\`, a wildcard or a missing digit matches nothing. The API server
accepts any text, so the only sign is a resource that never appears on a node and VMs that stay Pending.`,
  sources: [
    {
      claim: 'selectors are lower-cased and used as map keys, without trimming',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/device_controller.go#L256-L267`,
    },
    { claim: 'the key on the host is PCI_ID of uevent', url: `${KUBEVIRT}/pkg/virt-handler/device-manager/common.go` },
  ],
  examples: {
    bad: [
      {
        name: 'a prefix that is compared too',
        yaml: exampleFleet(`
devices:
  t4: { pci: [«"0x10de:0x1eb8"»], resourceName: nvidia.com/t4 }
`),
      },
      {
        name: 'a digit is missing',
        yaml: exampleFleet(`
devices:
  t4: { pci: [«"10de:1eb"»], resourceName: nvidia.com/t4 }
`),
      },
    ],
    good: [
      {
        name: 'four digits each, in either case',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10DE:1EB8"], resourceName: nvidia.com/t4 }
`),
      },
    ],
  },
  *check({ fleet }) {
    for (const device of fleet.devices) {
      const selectors: readonly PciVendorSelector[] =
        device.kind === 'pci'
          ? device.selectors
          : (device.kind === 'mdev' || device.kind === 'vgpu') && device.parent
            ? [device.parent]
            : [];
      for (const { id, text, place } of selectors) {
        if (id !== undefined) continue;
        const parsed = parsePciId(text);
        const repaired = parsePciId(text.trim().replace(/0x/gi, ''));
        yield {
          message: fitting(
            `PCI selector ${text} of device ${device.name} matches no function`,
            `PCI selector ${text} matches no function`,
            'a PCI selector matches no function',
          ),
          primary: { at: place, text: parsed.ok ? 'not an id' : parsed.reason },
          notes: ['virt-handler compares the selector as it stands, in lower case, with the id in sysfs'],
          fixes: repaired.ok
            ? [{ title: 'write the digits only', safe: true, edits: [{ at: place, text: `"${repaired.value}"` }] }]
            : [],
        };
      }
    }
  },
});
