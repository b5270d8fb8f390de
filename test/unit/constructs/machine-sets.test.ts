import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Testing } from 'cdk8s';
import {
  Fleet,
  FleetApp,
  NodePool,
  PciDevice,
  VirtualMachine,
  VirtualMachineInstanceReplicaSet,
  VirtualMachinePool,
} from '../../../src';
import { diskAccess } from '../../../src/files';
import { loadFleet } from '../../../src/load';
import { analyse } from '../../../src/analysis';
import { makeManifests } from '../../../src/manifests';
import { temporaryFolder } from '../../support/lab';

const YAML = `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: lab }
spec:
  cluster: { nodePlatform: openshift, kubevirt: { version: "1.8" } }
  devices:
    t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/t4 }
  nodePools:
    gpu: { nodes: [n3], cpuVendor: intel, passthrough: [{ device: t4, addresses: ["0000:65:00.0"] }] }
  virtualMachines:
    render:
      kind: VirtualMachinePool
      replicas: 3
      pool: gpu
      templateMetadata: { labels: { app: render } }
      gpus: [{ name: g1, device: t4 }]
      spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
    test:
      kind: VirtualMachineInstanceReplicaSet
      replicas: 0
      spec: { domain: { devices: {}, memory: { guest: 1Gi } } }
    build01: { manifest: build01.yaml }
`;

const MANIFEST = `
apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: { name: build01, namespace: ci }
spec:
  runStrategy: Halted
  template: { spec: { domain: { devices: {}, memory: { guest: 1Gi } } } }
`;

test('pools, replica sets and manifests are the same through both doors', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'fleet.yaml'), YAML);
  writeFileSync(join(folder, 'build01.yaml'), MANIFEST);
  const loaded = loadFleet(diskAccess(), join(folder, 'fleet.yaml')).fleet;
  const fromYaml = loaded === undefined ? [] : makeManifests(analyse(loaded)).manifests.map(({ content }) => content);

  const fleet = new Fleet(new FleetApp({ outdir: temporaryFolder() }), 'lab', {
    nodePlatform: 'openshift',
    kubevirt: { version: '1.8' },
  });
  const t4 = new PciDevice(fleet, 't4', { selectors: ['10de:1eb8'], resourceName: 'nvidia.com/t4' });
  const gpu = new NodePool(fleet, 'gpu', { nodes: ['n3'], cpuVendor: 'intel' });
  gpu.passThrough(t4, { addresses: ['0000:65:00.0'] });
  const render = new VirtualMachinePool(fleet, 'render', {
    replicas: 3,
    pool: gpu,
    templateMetadata: { labels: { app: 'render' } },
    spec: { domain: { devices: {}, memory: { guest: '4Gi' } } },
  });
  render.addGpu('g1', t4);
  new VirtualMachineInstanceReplicaSet(fleet, 'test', {
    replicas: 0,
    spec: { domain: { devices: {}, memory: { guest: '1Gi' } } },
  });
  new VirtualMachine(fleet, 'build01', { namespace: 'ci', manifest: join(folder, 'build01.yaml') });

  const byName = (objects: readonly unknown[]): string[] =>
    objects.map((object) => JSON.stringify(sortedKeys(object))).sort();
  expect(byName(Testing.synth(fleet))).toEqual(byName(fromYaml));
  expect(render.apiObject.apiVersion).toBe('pool.kubevirt.io/v1beta1');
  expect(VirtualMachinePool.isVirtualMachinePool(render)).toBe(true);
  expect(VirtualMachineInstanceReplicaSet.isVirtualMachineInstanceReplicaSet(render)).toBe(false);
});

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, sortedKeys(entry)]),
  );
}
