import { analysisOf } from '../../support/fleet-of';

const SPEC = (passthrough: string): string => `
  cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
  devices: { nvme: { pci: ["8086:5845"], resourceName: example.com/nvme } }
  nodePools:
    drives: { nodes: [node03], cpuVendor: intel, passthrough: [${passthrough}] }
`;

const INVENTORY = {
  node03: `  productUuid: 4c4c4544-0036-4a10-8052-b7c04f4e5133
  functions:
    - { address: "0000:5e:00.0", class: "0108", id: "8086:5845", driver: nvme }
    - { address: "0000:5f:00.0", class: "0108", id: "8086:5845", driver: nvme }
    - { address: "0000:60:00.0", class: "0108", id: "144d:a80a", driver: nvme }
`,
};

const table = (lines: readonly string[]): Record<string, string> => ({
  'cluster/config.yaml': `
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata: { name: 100-worker-vfiopci, labels: { machineconfiguration.openshift.io/role: worker } }
spec:
  config:
    ignition: { version: 3.2.0 }
    storage:
      files: [{ path: /etc/hostdev/bindings, contents: { source: "data:,${encodeURIComponent(lines.join('\n'))}" } }]
`,
});

const LINES = [
  '# written by another fleet',
  'uuid=4C4C4544-0036-4A10-8052-B7C04F4E5133 0000:5e:00.0 8086:5845 - 0108 - - nvme',
  'host=node04 0000:5f:00.0 8086:5845 - - - - nvme',
  'any 0000:60:00.0 8086:5845 - - - - nvme',
];

function drivers(passthrough: string): unknown {
  const { nodes } = analysisOf(SPEC(passthrough), INVENTORY, table(LINES));
  return nodes[0]?.functions.map(({ driver }) => driver);
}

test('what another fleet binds by address on the same node is where its table says', () => {
  expect(drivers('{ device: nvme, addresses: ["0000:5e:00.0"], binding: external }')).toEqual([
    'vfio-pci',
    'nvme',
    'nvme',
  ]);
});

test('the fleet’s own table takes the place of the other', () => {
  expect(drivers('{ device: nvme, addresses: ["0000:5f:00.0"] }')).toEqual(['nvme', 'vfio-pci', 'nvme']);
});
