import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { boundBy, entryPlace, functionInWords, inventoryLabels, listedPlace } from '../functions';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { counted, fitting } from '../words';

const fleetWith = (address: string): string =>
  exampleFleet(`
inventory: inventory/
devices:
  nvme: { pci: ["8086:5845"], resourceName: example.com/nvme }
nodePools:
  storage: { nodes: [node03], passthrough: [{ device: nvme, addresses: [${address}] }] }
`);

const INVENTORY = {
  'inventory/node03.yaml': exampleInventory(
    'node03',
    ['10000:01:00.0', '0000:5e:00.0'].map((address, i) =>
      exampleFunction(address, '0108', '8086:5845', { group: 30 + i, free: true }),
    ),
    { productUuid: '4c4c4544-0042-4a10-8057-b3c04f4d3732' },
  ),
};

export const behindVmd = defineRule({
  code: 'PCI134',
  slug: 'pci/behind-vmd',
  severity: 'warning',
  needs: ['inventory'],
  manifests: [],
  summary: 'a function that is handed over is behind a Volume Management Device',
  why: `
A domain of five digits, \`10000:\`, is one that the kernel's vmd driver made: the firmware put these drives behind an Intel Volume Management Device.
To the IOMMU they all are that one device, and their interrupts pass through it, so a drive behind it is not handed over alone. Turn VMD off in the
firmware for the slots that VMs are to have; the drives then have addresses of their own.`,
  sources: [
    { claim: 'the driver makes a domain above 0xffff', url: `${LINUX}/drivers/pci/controller/vmd.c` },
    { claim: 'drives behind VMD are not bound', url: 'https://github.com/spdk/spdk/issues/1360' },
  ],
  examples: {
    bad: [{ name: 'a drive of domain 10000', yaml: fleetWith('«"10000:01:00.0"»'), files: INVENTORY }],
    good: [{ name: 'a drive of domain 0000', yaml: fleetWith('"0000:5e:00.0"'), files: INVENTORY }],
  },
  *check({ fleet, analysis }) {
    for (const passthrough of fleet.nodePools.flatMap((pool) => pool.passthrough)) {
      const behind = boundBy(analysis, passthrough, 'either').filter(({ fact }) => fact.address.indexOf(':') > 4);
      const [first] = behind;
      if (first === undefined) continue;
      yield {
        message: fitting(
          `${functionInWords(first)} is behind a Volume Management Device`,
          `${first.fact.address} is behind a Volume Management Device`,
        ),
        primary: {
          at: listedPlace(passthrough, first.node, first.fact.address) ?? entryPlace(passthrough),
          text: 'a domain that the vmd driver made',
        },
        secondary: inventoryLabels(behind, () => 'the function', 1),
        notes: [
          'the kernel isolates the Volume Management Device as a whole',
          ...(behind.length > 1 ? [`the same holds for ${counted(behind.length - 1, 'more function')}`] : []),
        ],
        help: ['turn VMD off in the firmware for the slots that VMs are to have, and import the inventory again'],
      };
    }
  },
});
