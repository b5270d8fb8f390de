/** A fleet as constructs: the program, a module with the fleet so that tests can load it without writing, and its test. */
export function typescriptFiles(name: string): ReadonlyMap<string, string> {
  return new Map([
    ['tsconfig.json', TSCONFIG],
    ['cdk8s.yaml', CDK8S],
    ['src/main.ts', MAIN],
    ['src/fleet.ts', fleetModule(name)],
    ['test/fleet.test.ts', TEST],
  ]);
}

const TSCONFIG = `{
  "compilerOptions": {
    "target": "es2022",
    "lib": ["es2022"],
    "module": "node20",
    "types": ["node", "jest"],
    "strict": true,
    "isolatedModules": true,
    "esModuleInterop": true,
    "skipLibCheck": true,
    "noEmit": true
  },
  "include": ["src", "test", "imports"]
}
`;

const CDK8S = `language: typescript
app: node -r tsx/cjs src/main.ts
output: dist
`;

const MAIN = `import { FleetApp } from 'cdk8s-hostdev';
import { declareFleet } from './fleet';

const app = new FleetApp();
declareFleet(app);
app.synth();
`;

function fleetModule(name: string): string {
  return `import { join } from 'node:path';
import { Fleet, NodePool, PciDevice, VirtualMachine } from 'cdk8s-hostdev';
import type { Construct } from 'constructs';

/** What may be handed to VMs, the nodes that hold it, and the VMs that use it. */
export function declareFleet(scope: Construct): Fleet {
  const fleet = new Fleet(scope, '${name}', {
    nodePlatform: 'openshift',
    nodePlatformVersion: '4.20',
    kubernetesVersion: '1.33',
    kubevirt: { version: '1.6' },
    // one file per node, written by \`hostdev import\`
    inventory: join(__dirname, '..', 'inventory'),
  });

  const t4 = new PciDevice(fleet, 't4', { selectors: ['10de:1eb8'], resourceName: 'nvidia.com/TU104GL_Tesla_T4' });

  // nodes that are prepared alike; on OpenShift a MachineConfigPool
  const gpu = new NodePool(fleet, 'gpu', { nodes: ['node01'], cpuVendor: 'intel' });
  gpu.passThrough(t4);

  const render = new VirtualMachine(fleet, 'render-1', {
    pool: gpu,
    runStrategy: 'Halted',
    // KubeVirt's own, as KubeVirt spells it
    spec: {
      domain: { memory: { guest: '16Gi' }, devices: { disks: [{ name: 'root', disk: { bus: 'virtio' } }] } },
      volumes: [{ name: 'root', containerDisk: { image: 'quay.io/containerdisks/fedora:42' } }],
    },
  });
  render.addGpu('gpu', t4);

  return fleet;
}
`;
}

const TEST = `import { Testing } from 'cdk8s';
import { findingsOf, manifestsOf } from 'cdk8s-hostdev/testing';
import { declareFleet } from '../src/fleet';

const fleet = declareFleet(Testing.app());

test('nothing is wrong with the fleet', () => {
  expect(findingsOf(fleet).filter(({ severity }) => severity !== 'info')).toEqual([]);
});

test('the VM asks for a GPU by the name that KubeVirt permits', () => {
  const manifests = manifestsOf(fleet);
  expect(manifests['kubevirt/kubevirt.kubevirt.yaml']).toMatchObject({
    spec: {
      configuration: {
        permittedHostDevices: {
          pciHostDevices: [{ pciVendorSelector: '10de:1eb8', resourceName: 'nvidia.com/TU104GL_Tesla_T4' }],
        },
      },
    },
  });
  expect(manifests['virtual-machines/default/virtualmachine.render-1.yaml']).toMatchObject({
    spec: {
      template: { spec: { domain: { devices: { gpus: [{ name: 'gpu', deviceName: 'nvidia.com/TU104GL_Tesla_T4' }] } } } },
    },
  });
});
`;
