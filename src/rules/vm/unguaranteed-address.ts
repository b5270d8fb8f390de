import type { AnalysedMachine, AnalysedNode, AnalysedRequest } from '../../analysis';
import { placeAt } from '../../source';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { machinesLike, shapeFindings } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

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
A device plugin hands out any device of a resource that is free: neither KubeVirt nor kubelet can be told an address. The VM gets the device at an address for sure only where
its nodes have one device of the resource, and that is the one. A driver of resource claims takes the address as a condition.`,
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
    good: [{ name: 'the only one', yaml: fleetWith('["0000:65:00.0"]', '"0000:65:00.0"'), files: INVENTORY }],
  },
  *check({ analysis }) {
    yield* shapeFindings(analysis, function* (machine) {
      for (const asked of machine.requests) {
        const { request, resource } = asked;
        if (request.address?.address === undefined || resource === undefined || resource.server === 'dra') continue;
        if (isGuaranteed(machine, asked)) continue;
        yield {
          message: (vm) => `${vm} may get another device than the one at ${request.address?.text ?? ''}`,
          at: placeAt(request.place, 'address'),
          label: 'a device plugin cannot be told an address',
          notes: ['kubelet chooses among the free devices of a resource'],
          help: [
            'name a `node` that has this device as its only one of the resource, or give it a device and a resource of its own',
            'or name a driver of resource claims: `allocation: dra`',
          ],
        };
      }
    });
  },
});

/** Whether every node that the VM can run on has one device of the resource, the one that is asked for. */
function isGuaranteed({ fits }: AnalysedMachine, asked: AnalysedRequest): boolean {
  return fits.length > 0 && fits.every((node) => isOnly(node, asked));
}

function isOnly(node: AnalysedNode, { request, resource }: AnalysedRequest): boolean {
  const advertised = node.advertised.find((one) => one.resource === resource);
  if (advertised?.count !== 1) return false;
  // of several functions in one group the last is handed over
  const handed = advertised.devices[0]?.functions.at(-1) ?? advertised.functions[0];
  return handed?.fact.address === request.address?.address;
}
