import type { AnalysedFunction, AnalysedMachine, Resource } from '../../analysis';
import { groupBy, pciClassFamily } from '../../model';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { inventoryLabels, isHostUsed } from '../functions';
import { moreMachines, requestPlace } from '../machines';
import { machinesLike, shapeCases } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { counted, fitting } from '../words';

const fleetWith = (place: string, addresses: string): string =>
  exampleFleet(`
inventory: inventory/
devices:
  nvme: { pci: ["8086:5845"], resourceName: example.com/nvme }
nodePools:
  storage: { nodes: [node03], passthrough: [{ device: nvme, addresses: ${addresses} }] }
virtualMachines:
  database:
    hostDevices: [{ name: data, device: ${place} }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`);

const INVENTORY = {
  'inventory/node03.yaml': exampleInventory(
    'node03',
    ['0000:5e:00.0', '0000:5f:00.0'].map((address, i) =>
      exampleFunction(address, '0108', '8086:5845', { group: 30 + i, driver: 'nvme', free: true }),
    ),
    { productUuid: '4c4c4544-0042-4a10-8057-b3c04f4d3732' },
  ),
};

export const interchangeableDrives = defineRule({
  code: 'PCI131',
  slug: 'pci/interchangeable-drives',
  severity: 'warning',
  needs: ['inventory'],
  concerns: ({ analysis }) =>
    machinesLike(analysis, ({ requests }) => requests.some(({ resource }) => resource?.device.kind === 'pci')).machines
      .length > 0,
  summary: 'a VM may get one of several drives or NICs, and another one after a restart',
  why: `
Devices of one resource are interchangeable to Kubernetes: a VM gets any that is free, and there is no way to ask for an address. That is right
for GPUs. A drive holds data and a NIC has a cable: after a restart the VM may have the disk of another VM. One resource name for each such
device, or one such device on the node, keeps them apart.`,
  sources: [
    { claim: 'drives of several VMs changed places', url: 'https://github.com/kubevirt/kubevirt/issues/11815' },
    {
      claim: 'devices are aggregated by resource name',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/pci_device.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'two like drives on one node',
        yaml: fleetWith('«nvme»', '["0000:5e:00.0", "0000:5f:00.0"]'),
        files: INVENTORY,
      },
    ],
    good: [{ name: 'one of them', yaml: fleetWith('nvme', '["0000:5e:00.0"]'), files: INVENTORY }],
  },
  *check({ analysis }) {
    const drives = new DrivesByCandidates();
    const uses = shapeCases(analysis, (machine) =>
      machine.requests.flatMap((asked) => {
        const found = asked.resource === undefined ? [] : drives.chosenFrom(machine, asked.resource);
        return found.length > 1 ? [{ machine, asked, found, device: asked.resource?.device.name ?? '' }] : [];
      }),
    );
    for (const [device, cases] of groupBy(uses, (use) => use.device)) {
      const [first] = cases;
      if (first === undefined) continue;
      const { machine, asked, found } = first;
      yield {
        message: fitting(
          `VM ${machine.machine.id} gets any of ${found.length} functions of ${device}`,
          `VM ${machine.machine.id} gets any of ${found.length} drives or NICs`,
          `a VM gets any of ${found.length} drives or NICs`,
        ),
        primary: { at: requestPlace(asked), text: 'which of them is left to chance' },
        secondary: inventoryLabels(found, () => 'one of them', 2),
        notes: [
          'kubelet chooses among the free devices of a resource at every start',
          ...moreMachines([...new Set(cases.map((use) => use.machine))]),
        ],
        help: [`leave ${counted(1, 'such device')} on each node to VMs, or keep no data on them`],
      };
    }
  },
});

/** The drives and NICs behind resources where VMs may run: VMs of one placement have one list of candidates. */
class DrivesByCandidates {
  private readonly known = new Map<AnalysedMachine['candidates'], Map<Resource, readonly AnalysedFunction[]>>();

  /** Those among which chance decides for a VM; none where it takes all of them. */
  chosenFrom({ candidates, requests }: AnalysedMachine, resource: Resource): readonly AnalysedFunction[] {
    const found = this.of(candidates, resource);
    if (found.length === 0) return found;
    const wanted = requests.filter((asked) => asked.resource === resource).length;
    return found.length > wanted ? found : [];
  }

  private of(candidates: AnalysedMachine['candidates'], resource: Resource): readonly AnalysedFunction[] {
    let byResource = this.known.get(candidates);
    if (byResource === undefined) this.known.set(candidates, (byResource = new Map<Resource, AnalysedFunction[]>()));
    let found = byResource.get(resource);
    if (found === undefined) byResource.set(resource, (found = drivesOn(candidates, resource)));
    return found;
  }
}

function drivesOn(candidates: AnalysedMachine['candidates'], resource: Resource): AnalysedFunction[] {
  return (
    candidates
      .flatMap(({ advertised }) => advertised.filter((one) => one.resource === resource))
      // what the host uses is not to be bound at all: what is left to chance shows once that is put right
      .filter(({ functions }) => !functions.some(isHostUsed))
      .flatMap(({ functions }) =>
        functions.filter(({ fact }) => {
          const family = fact.class === undefined ? 'other' : pciClassFamily(fact.class);
          return family === 'storage' || family === 'network';
        }),
      )
  );
}
