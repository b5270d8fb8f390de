import type { PreparationUnit } from '../../../src/analysis';
import { analysisOf } from '../../support/fleet-of';

const unitOf = (body: string, functions?: string): PreparationUnit => {
  const inventory =
    functions === undefined
      ? {}
      : { node01: `  cpuVendor: intel\n  functions:\n${functions.replace(/^/gm, '    ')}\n` };
  const { units } = analysisOf(
    `  cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" } }
  devices:
    t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/T4 }
  nodePools:
    gpu: { nodes: [node01, node02], cpuVendor: intel, ${body} }
`,
    inventory,
  );
  const [unit] = units;
  if (unit === undefined) throw new Error('no unit');
  return unit;
};

const GPU =
  '- { address: "0000:65:00.0", class: "0302", id: "10de:1eb8", subsystem: "10de:12a2", serial: S1, driver: nouveau, iommuGroup: 27 }\n' +
  '- { address: "0000:65:00.1", class: "0403", id: "10de:10f8", driver: none, iommuGroup: 27 }';

it('predicts every binding with what is expected there, where it comes from and when it takes hold', () => {
  const { effects } = unitOf('passthrough: [{ device: t4, addresses: ["0000:65:00.0"] }]', GPU);
  expect(effects.bindings).toEqual([
    {
      node: 'node01',
      address: '0000:65:00.0',
      strategy: 'address',
      role: 'device',
      device: 't4',
      ids: ['10de:1eb8'],
      subsystem: '10de:12a2',
      class: '0302',
      serial: 'S1',
      iommuGroup: 27,
      from: 'nouveau',
      takesHold: 'before-kubelet',
    },
    expect.objectContaining({ address: '0000:65:00.1', role: 'companion', ids: ['10de:10f8'], from: null }),
    expect.objectContaining({ node: 'node02', address: '0000:65:00.0', ids: ['10de:1eb8'], from: undefined }),
  ]);
});

it('names the files and units that carry them, and what has to be true before and after', () => {
  const { effects } = unitOf('passthrough: [{ device: t4, addresses: ["0000:65:00.0"] }]', GPU);
  expect(effects.files.map(({ kind }) => kind)).toEqual(['module-list', 'bind-program', 'bind-table']);
  expect(effects.units.map(({ name }) => name)).toEqual(['hostdev-vfio-bind.service', 'hostdev-vfio-verify.service']);
  expect(effects.preconditions).toEqual([
    { kind: 'iommu-in-firmware', text: 'VT-d is on in the firmware of every node' },
  ]);
  expect(effects.postconditions.map(({ text }) => text)).toEqual([
    '/proc/cmdline has intel_iommu=on',
    'every function that is listed for the node is on vfio-pci',
  ]);
});

it('has none of what somebody else binds', () => {
  const { effects } = unitOf('passthrough: [{ device: t4, binding: external }]', GPU);
  expect(effects.bindings).toEqual([]);
  expect(effects.rows).toEqual([]);
});

it('keeps the first of two values for one field of the kubelet, sorted by field', () => {
  const [unit] = analysisOf(`  cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" } }
  nodePools:
    a: { nodes: [a], machineConfigPool: gpu, kubelet: { topologyManagerPolicy: restricted } }
    b: { nodes: [b], machineConfigPool: gpu, kubelet: { topologyManagerPolicy: none, cpuManagerPolicy: static } }
`).units;
  expect(unit?.effects.kubelet.map(({ field, value, reason }) => [field, value, reason])).toEqual([
    ['cpuManagerPolicy', 'static', 'the fleet states it for pool b'],
    ['topologyManagerPolicy', 'restricted', 'the fleet states it for pool a'],
  ]);
});
