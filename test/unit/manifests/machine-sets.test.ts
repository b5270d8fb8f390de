import { hasSchema, KUBEVIRT_RELEASES, validateObject } from '../../../src/kubevirt';
import { at, compiled, type Compiled } from './compiled';

const fleetOf = (machine: string, version = '1.6'): string => `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: small }
spec:
  cluster: { nodePlatform: openshift, kubevirt: { version: "${version}" } }
  devices:
    t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/t4 }
  nodePools:
    gpu: { nodes: [n3], cpuVendor: intel, nodeSelector: { gpu: "yes" }, passthrough: [{ device: t4 }] }
  virtualMachines:
    render: ${machine}
`;

const SPEC = 'pool: gpu, gpus: [{ name: g1, device: t4 }], spec: { domain: { devices: {}, memory: { guest: 4Gi } } }';
const INSTANCE = {
  nodeSelector: { gpu: 'yes' },
  domain: { devices: { gpus: [{ name: 'g1', deviceName: 'nvidia.com/t4' }] }, memory: { guest: '4Gi' } },
};
const OURS = { 'hostdev.cdk8s.io/machine-set': 'render' };

it('writes a pool around the VirtualMachine, and ties both by a label', () => {
  const { manifest } = compiled(
    fleetOf(
      `{ kind: VirtualMachinePool, replicas: 3, runStrategy: Halted, templateMetadata: { labels: { app: r } }, ${SPEC} }`,
    ),
  );
  const { path, content } = manifest('vmpool/default/render');
  expect(path).toBe('virtual-machines/default/virtualmachinepool.render.yaml');
  expect(content).toEqual({
    apiVersion: 'pool.kubevirt.io/v1alpha1',
    kind: 'VirtualMachinePool',
    metadata: { name: 'render', namespace: 'default' },
    spec: {
      replicas: 3,
      selector: { matchLabels: OURS },
      virtualMachineTemplate: {
        metadata: { labels: OURS },
        spec: {
          runStrategy: 'Halted',
          template: { metadata: { labels: { app: 'r', ...OURS } }, spec: INSTANCE },
        },
      },
    },
  });
});

it('writes a replica set around the instance', () => {
  const { manifest } = compiled(fleetOf(`{ kind: VirtualMachineInstanceReplicaSet, ${SPEC} }`));
  expect(manifest('vmirs/default/render').content).toEqual({
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstanceReplicaSet',
    metadata: { name: 'render', namespace: 'default' },
    spec: {
      replicas: 1,
      selector: { matchLabels: OURS },
      template: { metadata: { labels: OURS }, spec: INSTANCE },
    },
  });
});

it('keeps a label’s value within what Kubernetes takes, and apart from its neighbours', () => {
  const value = (name: string): unknown =>
    at(
      compiled(fleetOf(`{ name: ${name}, kind: VirtualMachinePool, ${SPEC} }`)).manifest(`vmpool/default/${name}`),
      'spec',
      'selector',
      'matchLabels',
      'hostdev.cdk8s.io/machine-set',
    );
  const stem = 'a.'.repeat(40);
  expect(value(`${stem}x`)).toMatch(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/);
  expect(value(`${stem}x`)).not.toEqual(value(`${stem}y`));
});

it.each(KUBEVIRT_RELEASES)('is what KubeVirt %s takes', (release) => {
  for (const kind of ['VirtualMachinePool', 'VirtualMachineInstanceReplicaSet', 'VirtualMachine']) {
    const replicas = kind === 'VirtualMachine' ? '' : 'replicas: 2,';
    const { set } = compiled(fleetOf(`{ kind: ${kind}, ${replicas} ${SPEC} }`, release));
    const made = set.manifests.map(({ content }) => content).filter((content) => content['kind'] === kind);
    expect(made).toHaveLength(1);
    for (const content of made) {
      expect(hasSchema({ release }, content['apiVersion'] as string, kind)).toBe(true);
      expect(validateObject({ release }, content)).toEqual([]);
    }
  }
});

describe('a pool from a manifest', () => {
  const POOL = `
apiVersion: pool.kubevirt.io/v1alpha1
kind: VirtualMachinePool
metadata: { name: render, namespace: ci, labels: { team: a } }
spec:
  replicas: 2
  paused: true
  selector: { matchLabels: { app: render } }
  virtualMachineTemplate:
    metadata: { labels: { app: render } }
    spec:
      running: true
      template:
        metadata: { annotations: { a: b } }
        spec: { domain: { devices: { gpus: [{ name: g1, deviceName: nvidia.com/t4 }] } } }
`;
  const made = (entry: string): Compiled => compiled(fleetOf(entry), { 'pool.yaml': POOL });

  it('stays what it is', () => {
    const { manifest, analysis } = made('{ manifest: pool.yaml }');
    expect(manifest('vmpool/ci/render').content).toEqual({
      apiVersion: 'pool.kubevirt.io/v1alpha1',
      kind: 'VirtualMachinePool',
      metadata: { name: 'render', namespace: 'ci', labels: { team: 'a' } },
      spec: {
        replicas: 2,
        paused: true,
        selector: { matchLabels: { app: 'render' } },
        virtualMachineTemplate: {
          metadata: { labels: { app: 'render' } },
          spec: {
            running: true,
            template: {
              metadata: { annotations: { a: 'b' } },
              spec: { domain: { devices: { gpus: [{ name: 'g1', deviceName: 'nvidia.com/t4' }] } } },
            },
          },
        },
      },
    });
    expect(analysis.machines.map(({ machine, requests }) => [machine.replicas, requests.length])).toEqual([[2, 1]]);
  });

  it('takes what the fleet says, and its entry of a device that is there already only once', () => {
    const { manifest, analysis } = made('{ manifest: pool.yaml, replicas: 5, gpus: [{ name: g1, device: t4 }] }');
    const pool = manifest('vmpool/ci/render');
    expect(at(pool, 'spec', 'replicas')).toBe(5);
    expect(
      at(pool, 'spec', 'virtualMachineTemplate', 'spec', 'template', 'spec', 'domain', 'devices', 'gpus'),
    ).toHaveLength(1);
    expect(analysis.machines[0]?.requests).toHaveLength(1);
  });
});

it('knows the input behind every spot', () => {
  const { manifest } = compiled(
    fleetOf(
      `{ kind: VirtualMachinePool, replicas: 3, runStrategy: Always, templateMetadata: { labels: { app: r } }, ${SPEC} }`,
    ),
  );
  const render = manifest('vmpool/default/render');
  const machine = '/spec/virtualMachineTemplate/spec';
  const placeOf = (pointer: string): string => {
    const place = render.trace(pointer);
    return place.kind === 'document' ? place.pointer.replace('/spec/virtualMachines/render', '') : place.kind;
  };
  expect(placeOf('/spec/replicas')).toBe('/replicas');
  expect(placeOf(`${machine}/runStrategy`)).toBe('/runStrategy');
  expect(placeOf(`${machine}/template/metadata/labels/app`)).toBe('/templateMetadata/labels/app');
  expect(placeOf(`${machine}/template/spec/domain/devices/gpus/0/deviceName`)).toBe('/gpus/0/device');
  expect(placeOf(`${machine}/template/spec/domain/memory/guest`)).toBe('/spec/domain/memory/guest');
  expect(placeOf(`${machine}/template/spec/nodeSelector/gpu`)).toBe('/pool');
});
