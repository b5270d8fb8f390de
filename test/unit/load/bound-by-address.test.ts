import { analyse, type BindingRow } from '../../../src/analysis';
import { loadManifests } from '../../../src/load';
import { bindingTable } from '../../../src/manifests/node-preparation/binding-table';
import type { BdfAddress, PciClass, PciId } from '../../../src/model';
import { exampleFunction, exampleInventory, exampleKubeVirt } from '../../../src/rules/example';
import { runRules } from '../../../src/rules';
import { memoryFiles } from '../../support/fleet-of';

const UUID = '4c4c4544-0036-4a10-8052-b7c04f4e5133';

const row = (address: string, more: Partial<BindingRow> = {}): BindingRow => ({
  scope: { kind: 'any' },
  address: address as BdfAddress,
  ids: ['8086:5845' as PciId],
  subsystem: undefined,
  class: '0108' as PciClass,
  serial: undefined,
  companionClasses: [],
  purpose: 'nvme',
  ...more,
});

const KUBEVIRT = exampleKubeVirt(`
permittedHostDevices:
  pciHostDevices: [{ pciVendorSelector: "8086:5845", resourceName: example.com/nvme }]`);

const node = (name: string, status = '{}'): string => `---
apiVersion: v1
kind: Node
metadata: { name: ${name}, uid: "1", labels: { kubernetes.io/hostname: ${name}, node-role.kubernetes.io/worker: "" } }
status: ${status}
`;

const config = (text: string, name = '100-worker-vfiopci'): string => `---
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata: { name: ${name}, labels: { machineconfiguration.openshift.io/role: worker } }
spec:
  kernelArguments: [intel_iommu=on]
  config:
    ignition: { version: 3.2.0 }
    storage:
      files: [{ path: /etc/hostdev/bindings, mode: 420, contents: { source: "data:,${encodeURIComponent(text)}" } }]
`;

function load(objects: string, inventory: readonly string[] = []) {
  const files = {
    'dump/objects.yaml': KUBEVIRT + objects,
    'inventory/node01.yaml': exampleInventory('node01', inventory, { productUuid: UUID }),
  };
  const { fleet, problems } = loadManifests(memoryFiles(files), 'dump', { inventory: 'inventory' });
  if (fleet === undefined) throw new Error(JSON.stringify(problems));
  expect(problems).toEqual([]);
  return fleet;
}

const addressesIn = (text: string, nodes = node('node01')): unknown =>
  load(config(text) + nodes).nodePools[0]?.passthrough.map(({ device, addresses, binding, companions }) => ({
    device,
    binding,
    companions: companions?.map((one) => one.text),
    addresses:
      addresses.kind === 'by-node'
        ? Object.fromEntries(addresses.byNode.map((one) => [one.node, one.addresses.map((each) => each.text)]))
        : addresses.kind === 'every-node' && addresses.addresses.map((each) => each.text),
  }));

describe('the table of the bind program in a MachineConfig', () => {
  test('hands over on every node what every node is told', () => {
    expect(addressesIn(bindingTable([row('0000:5e:00.0')]))).toEqual([
      { device: 'example.com/nvme', binding: 'address', companions: [], addresses: ['0000:5e:00.0'] },
    ]);
  });

  test('is read node by node where it names nodes, by UUID or host name', () => {
    const table = bindingTable([
      row('0000:5e:00.0', { scope: { kind: 'uuid', uuid: UUID, node: 'node01' } }),
      row('0000:5f:00.0', { scope: { kind: 'host', hostName: 'node02', node: 'node02' } }),
      row('0000:60:00.0', { scope: { kind: 'uuid', uuid: UUID.replace('4c', '5d'), node: 'gone' } }),
      row('0000:5e:00.1', { ids: ['8086:1111' as PciId], purpose: 'companion of nvme' }),
    ]);
    expect(addressesIn(table, node('node01') + node('node02'))).toEqual([
      {
        device: 'example.com/nvme',
        binding: 'address',
        companions: ['0000:5e:00.1'],
        addresses: { node01: ['0000:5e:00.0'], node02: ['0000:5f:00.0'] },
      },
    ]);
  });

  test('knows a node by what kubelet says of its machine', () => {
    const table = bindingTable([row('0000:5e:00.0', { scope: { kind: 'uuid', uuid: 'ABC-1', node: 'n' } })]);
    expect(addressesIn(table, node('node02', '{ nodeInfo: { systemUUID: Abc-1 } }'))).toMatchObject([
      { addresses: { node02: ['0000:5e:00.0'] } },
    ]);
  });

  test('takes the functions of the slot along where it says so', () => {
    expect(addressesIn(bindingTable([row('0000:5e:00.0', { companionClasses: ['0403'] })]))).toMatchObject([
      { companions: undefined },
    ]);
  });

  test.each([
    '',
    '\n\n',
    'any',
    'any 5e:00.0 8086:5845 - - - - x',
    'all 0000:5e:00.0 8086:5845 - - - - x',
    'any 0000:5e:00.0 - - - - - x',
  ])('hands over nothing by %j', (text) => {
    expect(addressesIn(text)).toEqual([]);
  });
});

test('a drive of the host in the table is found', () => {
  const disk = `${exampleFunction('0000:5e:00.0', '0108', '8086:5845', { group: 30, driver: 'nvme' })}, hostUse: [{ kind: root-disk, reason: / }]`;
  const fleet = load(config(bindingTable([row('0000:5e:00.0')])) + node('node01'), [disk]);
  const { findings } = runRules({ fleet, analysis: analyse(fleet) });
  expect(findings.filter(({ severity }) => severity === 'error').map(({ slug }) => slug)).toEqual([
    'pci/host-address-listed',
  ]);
});
