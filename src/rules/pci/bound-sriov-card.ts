import type { AnalysedFunction, Analysis } from '../../analysis';
import type { NodePool, PciId } from '../../model';
import type { Place } from '../../source';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { entryPlace, functionInWords } from '../functions';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { fitting, nodesInWords } from '../words';

const fleetWith = (pools: string): string =>
  exampleFleet(`
inventory: inventory/
devices:
  nic: { pci: ["8086:1572"], resourceName: example.com/nic }
nodePools:
${pools}
`);

const nodeWith = (node: string): Record<string, string> => ({
  [`inventory/${node}.yaml`]: exampleInventory(node, [
    `${exampleFunction('0000:3b:00.0', '0200', '8086:1572', { group: 12, driver: 'i40e', free: true })}, totalVfs: 64`,
  ]),
});

export const boundSriovCard = defineRule({
  code: 'PCI190',
  slug: 'pci/bound-sriov-card',
  severity: 'error',
  needs: ['inventory'],
  concerns: ({ fleet }) =>
    fleet.nodePools.some(
      ({ sriov, mediatedDevices, passthrough }) => passthrough.length > 0 && sriov.length + mediatedDevices.length > 0,
    ) || fleet.nodePools.filter(({ sriov }) => sriov.length > 0).length > 0,
  summary: 'a card whose virtual functions are wanted is handed over whole',
  why: `
Virtual functions are made by the driver of the physical function. Once that is bound to vfio-pci there are none: the kernel's vfio-pci makes them only with
\`enable_sriov\`, and then wants a token that neither KubeVirt nor libvirt gives. vGPUs of virtual functions need the vendor's driver on the card
as well.`,
  sources: [
    { claim: 'enable_sriov and the token', url: `${LINUX}/drivers/vfio/pci/vfio_pci_core.c` },
    {
      claim: 'the physical function is never handed out as a vGPU',
      url: 'https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-handler/device-manager/common.go',
    },
  ],
  examples: {
    bad: [
      {
        name: 'the card, and virtual functions of it',
        yaml: fleetWith(`  net:
    nodes: [node01]
    cpuVendor: intel
    passthrough: [{ device: «nic», addresses: ["0000:3b:00.0"] }]
    sriov: [{ parent: "8086:1572", numVfs: 4 }]`),
        files: nodeWith('node01'),
      },
    ],
    good: [
      {
        name: 'the card on one node, virtual functions on another',
        yaml: fleetWith(`  whole:
    nodes: [node01]
    cpuVendor: intel
    passthrough: [{ device: nic, addresses: ["0000:3b:00.0"] }]
  functions:
    nodes: [node02]
    cpuVendor: intel
    sriov: [{ parent: "8086:1572", numVfs: 4 }]`),
        files: { ...nodeWith('node01'), ...nodeWith('node02') },
      },
    ],
  },
  *check({ analysis }) {
    const cases = analysis.nodes.flatMap(({ pools, functions }) => {
      const wanted = pools.flatMap((pool) => wantedCards(analysis, pool));
      if (wanted.length === 0) return [];
      return functions.flatMap((one) => {
        const [binding] = one.bindings;
        const want = wanted.find(({ id }) => id === one.fact.id);
        if (binding === undefined || want === undefined || one.fact.physicalFunction !== undefined) return [];
        return [{ one, binding, want }];
      });
    });
    const byEntry = new Map<string, { first: (typeof cases)[number]; all: AnalysedFunction[] }>();
    for (const found of cases) {
      const key = `${found.binding.pool.name} ${found.binding.passthrough.device} ${found.want.id}`;
      const known = byEntry.get(key);
      if (known === undefined) byEntry.set(key, { first: found, all: [found.one] });
      else known.all.push(found.one);
    }
    for (const { first, all } of byEntry.values()) {
      yield {
        message: fitting(
          `${functionInWords(first.one)} is handed over whole, and its virtual functions are wanted`,
          'a card is handed over whole, and its virtual functions are wanted',
        ),
        primary: { at: entryPlace(first.binding.passthrough), text: 'binds the card to vfio-pci' },
        secondary: [{ at: first.want.place, text: first.want.text }],
        notes: [
          'a function on vfio-pci has no virtual functions',
          ...(all.length > 1
            ? [`the same holds for ${all.length} functions on ${nodesInWords(all.map(({ node }) => node))}`]
            : []),
        ],
        help: ['hand over the card or its virtual functions, not both'],
      };
    }
  },
});

/** The cards of a pool that have to stay with their driver for their virtual functions. */
function wantedCards(
  { deviceByName }: Pick<Analysis, 'deviceByName'>,
  pool: NodePool,
): { readonly id: PciId; readonly place: Place; readonly text: string }[] {
  const cards = pool.sriov.flatMap(({ parent, place }) =>
    parent.id === undefined ? [] : [{ id: parent.id, place, text: 'wants virtual functions of it' }],
  );
  const ofVgpus = pool.mediatedDevices.flatMap(({ device: name, place }) => {
    const device = deviceByName.get(name);
    if (device?.kind !== 'vgpu' || device.parent.id === undefined) return [];
    return [{ id: device.parent.id, place, text: 'wants vGPUs of it' }];
  });
  return [...cards, ...ofVgpus];
}
