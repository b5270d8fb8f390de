import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { ROOT } from '../../support/lab';
import { at, compiled } from './compiled';

const fleetOf = (facts: {
  readonly kubernetes?: string;
  readonly kubevirt?: string;
  readonly request?: string;
  readonly passthrough?: string;
  readonly driver?: string;
}): string => `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: claims }
spec:
  cluster:
    nodePlatform: openshift
    kubernetesVersion: "${facts.kubernetes ?? '1.34'}"
    kubevirt: ${facts.kubevirt ?? '{ version: "1.9" }'}
  inventory: inventory/
  devices:
    h100:
      pci: ["10de:2330"]
      allocation: dra
      dra: { driver: ${facts.driver ?? 'gpu.nvidia.com'}, deviceClassName: vfio.gpu.nvidia.com }
  nodePools:
    gpu: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: h100${facts.passthrough ?? ''} }] }
  virtualMachines:
    train-7:
      pool: gpu
      gpus: [{ name: gpu1, device: h100${facts.request ?? ''} }]
      spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`;

const INVENTORY = {
  'inventory/node01.yaml': `apiVersion: hostdev/v1alpha1
kind: NodeInventory
metadata: { name: node01 }
spec:
  productUuid: 4c4c4544-0042-4a10-8057-b3c04f4d3731
  functions:
    - { address: "0000:65:00.0", class: "0302", id: "10de:2330", driver: nvidia, iommuGroup: 27 }
    - { address: "0000:65:00.1", class: "0403", id: "10de:22ba", driver: snd_hda_intel, iommuGroup: 27 }
`,
};

const KEY = 'claim/default/train-7-gpu1';
const selectors = (text: string): unknown =>
  at(compiled(text, INVENTORY).manifest(KEY), 'spec', 'spec', 'devices', 'requests', 0, 'exactly', 'selectors');
const IDENTITY = {
  cel: {
    expression:
      'device.attributes["gpu.nvidia.com"].vendorID == "0x10de" && device.attributes["gpu.nvidia.com"].deviceID == "0x2330"',
  },
};

it('is a template beside the VM, and the VM names it', () => {
  const { text, has, manifest } = compiled(fleetOf({}), INVENTORY);

  expect(text('virtual-machines/default/resourceclaimtemplate.train-7-gpu1.yaml')).toMatchGolden(
    'manifests/claims/template.yaml',
  );
  expect(text('virtual-machines/default/virtualmachine.train-7.yaml')).toMatchGolden('manifests/claims/vm.yaml');
  expect(has('kubevirt')).toBe(false);
  expect(at(manifest('unit/gpu/vfio'), 'metadata', 'name')).toBe('100-gpu-vfiopci');
});

it('binds the companions of the device, and not the device', () => {
  const unit = compiled(fleetOf({}), INVENTORY).analysis.units[0];

  expect(unit?.effects.rows.map(({ address, purpose }) => [address, purpose])).toEqual([
    ['0000:65:00.1', 'companion of h100'],
  ]);
  expect(unit?.effects.modules).toEqual(['vfio-pci']);
  expect(unit?.effects.kernelArguments.map(({ argument }) => argument)).toContain('intel_iommu=on');
});

it('asks for the address, and for everything else that the entry says', () => {
  const request = ', address: "0000:65:00.0", claim: { numaNode: 1, pcieRoot: "pci0000:64", expressions: ["true"] }';
  expect(selectors(fleetOf({ request }))).toEqual([
    IDENTITY,
    { cel: { expression: 'device.attributes["resource.kubernetes.io"].pciBusID == "0000:65:00.0"' } },
    { cel: { expression: 'device.attributes["resource.kubernetes.io"].pcieRoot == "pci0000:64"' } },
    {
      cel: {
        expression:
          '("numa" in device.attributes["gpu.nvidia.com"] ? device.attributes["gpu.nvidia.com"].numa : device.attributes["resource.kubernetes.io"].numaNode) == 1',
      },
    },
    { cel: { expression: 'true' } },
  ]);
});

it('stays within the addresses that the fleet hands over', () => {
  expect(selectors(fleetOf({ passthrough: ', addresses: ["0000:65:00.0", "0000:66:00.0"]' }))).toEqual([
    IDENTITY,
    {
      cel: { expression: 'device.attributes["resource.kubernetes.io"].pciBusID in ["0000:65:00.0", "0000:66:00.0"]' },
    },
  ]);
});

it('lets no text out of its string', () => {
  const request = `, claim: { product: 'a" || true || "' }`;
  expect(selectors(fleetOf({ request }))).toContainEqual({
    cel: { expression: 'device.attributes["gpu.nvidia.com"].productName == "a\\" || true || \\""' },
  });
});

it('is written in the version that the release of Kubernetes has', () => {
  const versionOf = (kubernetes: string): unknown =>
    at(compiled(fleetOf({ kubernetes }), INVENTORY).manifest(KEY), 'apiVersion');
  expect(['1.32', '1.33', '1.34', '1.36.1'].map(versionOf)).toEqual([
    'resource.k8s.io/v1beta1',
    'resource.k8s.io/v1beta2',
    'resource.k8s.io/v1',
    'resource.k8s.io/v1',
  ]);
  const flat = compiled(fleetOf({ kubernetes: '1.32' }), INVENTORY).manifest(KEY);
  expect(at(flat, 'spec', 'spec', 'devices', 'requests', 0)).toMatchObject({ name: 'device', count: 1 });
});

it('needs its gate before KubeVirt 1.9, which has it on', () => {
  const gatesOf = (version: string): readonly string[] =>
    compiled(fleetOf({ kubevirt: `{ version: "${version}" }` }), INVENTORY).analysis.featureGates;
  expect(gatesOf('1.8')).toEqual(['GPUsWithDRA']);
  expect(gatesOf('1.9')).toEqual([]);
});

it('says nothing to drivers that it does not know beyond what all of them understand', () => {
  const { manifest } = compiled(
    fleetOf({ driver: 'pci.example.com', request: ', address: "0000:65:00.0"' }),
    INVENTORY,
  );
  expect(at(manifest(KEY), 'spec', 'spec', 'devices')).toEqual({
    requests: [
      {
        name: 'device',
        exactly: {
          deviceClassName: 'vfio.gpu.nvidia.com',
          allocationMode: 'ExactCount',
          count: 1,
          selectors: [
            { cel: { expression: 'device.attributes["resource.kubernetes.io"].pciBusID == "0000:65:00.0"' } },
          ],
        },
      },
    ],
  });
});

const SCHEMAS = join(ROOT, '..', 'shared', 'schemas', 'kubernetes');
if (existsSync(SCHEMAS)) {
  it.each(['v1.34', 'v1.36'])('is what Kubernetes %s takes', (release) => {
    const schema = JSON.parse(readFileSync(join(SCHEMAS, `${release}.json`), 'utf8')) as {
      readonly definitions: Readonly<Record<string, unknown>>;
    };
    const ajv = new Ajv2020({ strict: false, logger: false });
    ajv.addSchema(schema, 'k8s');
    for (const request of ['', ', claim: { kind: claim, pcieRoot: "pci0000:64" }']) {
      const { content } = compiled(fleetOf({ request }), INVENTORY).manifest(KEY);
      const name = Object.keys(schema.definitions).find((one) =>
        one.endsWith(`.resource.v1.${content['kind'] as string}`),
      );
      expect(name).toBeDefined();
      const validate = ajv.getSchema(`k8s#/definitions/${name ?? ''}`);
      expect(validate?.(content)).toBe(true);
      expect(validate?.errors ?? []).toEqual([]);
    }
  });
} else {
  it.skip('is held against the schema of Kubernetes: ../shared/schemas/kubernetes is not there', () => undefined);
}
