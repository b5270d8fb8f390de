import { selectorIds } from '../../analysis';
import { classCode } from '../../model';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { boundBy, entryPlace, functionInWords, inventoryLabels, listedPlace } from '../functions';
import { isBridge } from '../iommu-groups';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { counted, fitting } from '../words';

export const bridgeSelected = defineRule({
  code: 'PCI113',
  slug: 'pci/bridge-selected',
  severity: 'error',
  needs: ['inventory'],
  manifests: [],
  concerns: ({ fleet }) => fleet.nodePools.some(({ passthrough }) => passthrough.length > 0),
  summary: 'a bridge is handed to VMs',
  why: `
vfio-pci refuses functions whose header is not of type 0, and bridges are such functions. Bound by address the unit on the node fails;
bound by id the bridge stays as it is. A group that holds a bridge is viable without it. NVSwitch (class 0680) is no bridge in this
sense and can be bound.`,
  sources: [
    { claim: 'functions with another header type are refused', url: `${LINUX}/drivers/vfio/pci/vfio_pci_core.c` },
  ],
  examples: {
    bad: [
      {
        name: 'the root port above the card',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  port: { pci: ["8086:2030"], resourceName: example.com/port }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: «port» }] }
`),
        files: {
          'inventory/node01.yaml': exampleInventory('node01', [
            exampleFunction('0000:64:00.0', '0604', '8086:2030', { group: 26, driver: 'pcieport' }),
          ]),
        },
      },
    ],
    good: [
      {
        name: 'the card itself',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4 }] }
`),
        files: {
          'inventory/node01.yaml': exampleInventory('node01', [
            exampleFunction('0000:64:00.0', '0604', '8086:2030', { group: 26, driver: 'pcieport' }),
            exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 }),
          ]),
        },
      },
    ],
  },
  *check({ fleet, analysis }) {
    for (const passthrough of fleet.nodePools.flatMap((pool) => pool.passthrough)) {
      const ids = new Set<string>(selectorIds(analysis.deviceByName.get(passthrough.device)));
      // an address with another id is pci/mismatched-address
      const bridges = boundBy(analysis, passthrough, 'device').filter(
        (one) => isBridge(one) && (one.fact.id === undefined || ids.has(one.fact.id)),
      );
      const [first] = bridges;
      if (first?.fact.class === undefined) continue;
      const listed = listedPlace(passthrough, first.node, first.fact.address);
      yield {
        message: fitting(
          `${functionInWords(first)} is a bridge, which vfio-pci cannot bind`,
          `${first.fact.address} is a bridge, which vfio-pci cannot bind`,
        ),
        primary: { at: listed ?? entryPlace(passthrough), text: 'would be bound here' },
        secondary: inventoryLabels(
          bridges,
          ({ fact }) => `class ${fact.class === undefined ? '' : classCode(fact.class)}`,
          1,
        ),
        notes: [
          'the kernel gives a VM the group of a device without the bridges in it',
          ...(bridges.length > 1 ? [`${counted(bridges.length - 1, 'more bridge')} would be bound here`] : []),
        ],
        help: ['pass the device behind the bridge through'],
      };
    }
  },
});
