import { isOnlyDevice, namesAddress, type AnalysedMachine, type Resource } from '../../analysis';
import { placeAt } from '../../source';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { machinesLike, shapeFindings } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { nodesInWords } from '../words';

const fleetWith = (addresses: string, address: string): string =>
  exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: t4, addresses: ${addresses} }] }
virtualMachines:
  train-7:
    node: node01
    gpus: [{ name: gpu1, device: t4, address: ${address} }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`);

const INVENTORY = {
  'inventory/node01.yaml': exampleInventory(
    'node01',
    [
      exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27, free: true }),
      exampleFunction('0000:66:00.0', '0302', '10de:1eb8', { group: 28, free: true, driver: 'nvidia' }),
    ],
    { productUuid: '4c4c4544-0042-4a10-8057-b3c04f4d3731' },
  ),
};

export const unguaranteedAddress = defineRule({
  code: 'VMI389',
  slug: 'vm/unguaranteed-address',
  severity: 'error',
  needs: [],
  concerns: ({ analysis }) =>
    machinesLike(analysis, ({ requests }) => requests.some(({ request }) => request.address !== undefined)).machines
      .length > 0,
  summary: 'a VM asks for the device at an address, and may get another one',
  why: `
A device plugin hands out any device of a resource that is free: neither KubeVirt nor kubelet can be told an address. Where a node has one device of the resource and it is
the one asked for, hostdev confines the VM to that node, and it gets no other. A node that has more, or of which nobody knows how many it has, guarantees nothing. A driver
of resource claims takes the address as a condition.`,
  sources: [
    { claim: 'no address can be asked for', url: 'https://github.com/kubevirt/kubevirt/issues/11815' },
    {
      claim: 'devices are aggregated by resource name',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/pci_device.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'one of two on the node',
        yaml: fleetWith('["0000:65:00.0", "0000:66:00.0"]', '«"0000:65:00.0"»'),
        files: INVENTORY,
      },
      { name: 'another than the one', yaml: fleetWith('["0000:65:00.0"]', '«"0000:66:00.0"»'), files: INVENTORY },
    ],
    good: [
      { name: 'the only one', yaml: fleetWith('["0000:65:00.0"]', '"0000:65:00.0"'), files: INVENTORY },
      {
        name: 'the only one of a node, which the VM is confined to',
        yaml: fleetWith('["0000:65:00.0"]', '"0000:65:00.0"').replace('      node: node01\n', ''),
        files: INVENTORY,
      },
    ],
  },
  *check({ analysis }) {
    yield* shapeFindings(analysis, function* (machine) {
      if (machine.pinned !== undefined) return;
      const addressed = machine.requests.filter(namesAddress);
      const alone = addressed.filter((asked) => !machine.fits.some((node) => isOnlyDevice(node, asked)));
      // each may have a node of its own, and no node has all of them
      for (const asked of alone.length > 0 ? alone : addressed.slice(0, 1)) {
        const { request, resource } = asked;
        yield {
          message: (vm) => `${vm} may get another device than the one at ${request.address?.text ?? ''}`,
          at: placeAt(request.place, 'address'),
          label: 'a device plugin cannot be told an address',
          notes: ['kubelet chooses among the free devices of a resource', ...unknownNodes(machine, resource)],
          help: [
            'hand over no other device of this resource on one node of the VM: it is then confined to that node',
            'or name a driver of resource claims, which takes addresses: `allocation: dra`',
          ],
        };
      }
    });
  },
});

/** Nodes of which nobody knows how many devices of the resource they will have. */
function unknownNodes({ fits }: AnalysedMachine, resource: Resource | undefined): string[] {
  const unknown = fits.filter((node) =>
    node.advertised.some((one) => one.resource === resource && one.count === undefined),
  );
  const names = unknown.map(({ name }) => name);
  return names.length === 0 ? [] : [`how many ${nodesInWords(names)} has is not known`];
}
