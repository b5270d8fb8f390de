import { at, compiled, ignitionFiles, type Compiled } from '../compiled';

const fleetOf = (pools: string, version = '4.20'): string => `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: small }
spec:
  inventory: inventory
  cluster: { nodePlatform: openshift, nodePlatformVersion: "${version}", kubevirt: { version: "1.6" } }
  devices:
    t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/t4 }
    nvme: { pci: ["8086:5845"], resourceName: devices.kubevirt.io/nvme }
  nodePools:
${pools}`;

const NVME_POOL = (nodes: string): string =>
  `    storage: { nodes: [${nodes}], cpuVendor: intel, passthrough: [{ device: nvme, addresses: ["0000:5e:00.0"] }] }`;

const inventory = (node: string, functions: string, more = ''): Readonly<Record<string, string>> => ({
  [`inventory/${node}.yaml`]: `
apiVersion: hostdev/v1alpha1
kind: NodeInventory
metadata: { name: ${node} }
spec:
  ${more}
  functions: [${functions}]
`,
});

const EMPTY = inventory('unused', '');

const nodePreparation = ({ set }: Compiled): string =>
  set.manifests
    .filter(({ path }) => path.startsWith('node-prep/'))
    .map(({ path, content }) => `${path}\n${JSON.stringify(content)}`)
    .join('\n');

it('writes kernel arguments without a config, one an entry, in the order of the effects', () => {
  const { manifest } = compiled(
    fleetOf(
      '    gpu: { nodes: [n1], cpuVendor: intel, iommu: { pt: true }, kernelArguments: [b=1, a=2], passthrough: [{ device: t4 }] }',
    ),
    EMPTY,
  );
  expect(at(manifest('unit/gpu/kernel-arguments'), 'spec')).toEqual({
    kernelArguments: ['intel_iommu=on', 'iommu=pt', 'b=1', 'a=2'],
  });
  expect(at(manifest('unit/gpu/kernel-arguments'), 'metadata', 'labels')).toEqual({
    'machineconfiguration.openshift.io/role': 'gpu',
  });
});

it('makes no MachineConfig where there is nothing to put in it', () => {
  const { has } = compiled(fleetOf('    idle: { nodes: [n1], cpuVendor: intel }'), EMPTY);
  expect([has('unit/idle/kernel-arguments'), has('unit/idle/vfio'), has('unit/idle/pool')]).toEqual([
    false,
    false,
    true,
  ]);
});

it('makes no MachineConfigPool of the cluster’s own pools', () => {
  const { has, manifest } = compiled(
    fleetOf('    gpu: { nodes: [n1], cpuVendor: amd, machineConfigPool: worker, passthrough: [{ device: t4 }] }'),
    EMPTY,
  );
  expect(has('unit/worker/pool')).toBe(false);
  expect(manifest('unit/worker/kernel-arguments').path).toBe('node-prep/worker/machineconfig.100-worker-iommu.yaml');
  expect(at(manifest('unit/worker/vfio'), 'metadata', 'labels')).toEqual({
    'machineconfiguration.openshift.io/role': 'worker',
  });
});

it('writes one set for two fleet pools of one MachineConfigPool', () => {
  const { manifest, set } = compiled(
    fleetOf(`
    one: { nodes: [n1], cpuVendor: intel, machineConfigPool: gpu, maxUnavailable: 2, passthrough: [{ device: t4 }] }
    two: { nodes: [n2], cpuVendor: amd, machineConfigPool: gpu, passthrough: [{ device: nvme, addresses: ["0000:5e:00.0"] }] }`),
    EMPTY,
  );
  expect(set.manifests.filter(({ path }) => path.startsWith('node-prep/')).map(({ path }) => path)).toEqual([
    'node-prep/gpu/machineconfig.100-gpu-iommu.yaml',
    'node-prep/gpu/machineconfig.100-gpu-vfiopci.yaml',
    'node-prep/gpu/machineconfigpool.gpu.yaml',
  ]);
  expect(at(manifest('unit/gpu/kernel-arguments'), 'spec', 'kernelArguments')).toEqual([
    'intel_iommu=on',
    'amd_iommu=on',
  ]);
  expect(at(manifest('unit/gpu/pool'), 'spec', 'maxUnavailable')).toBe(2);
  expect(manifest('unit/gpu/pool').modelPath).toBe('nodePools.one, nodePools.two');
});

it('keeps the names of existing objects, and makes one object of equal names', () => {
  const named = (names: string): Compiled =>
    compiled(
      fleetOf(
        `    gpu: { nodes: [n1], cpuVendor: intel, machineConfigNames: { ${names} }, passthrough: [{ device: t4 }] }`,
      ),
      EMPTY,
    );
  const two = named('kernelArguments: 99-iommu, vfio: 99-vfio');
  expect(at(two.manifest('unit/gpu/kernel-arguments'), 'metadata', 'name')).toBe('99-iommu');
  expect(at(two.manifest('unit/gpu/vfio'), 'metadata', 'name')).toBe('99-vfio');

  const one = named('kernelArguments: 99-gpu, vfio: 99-gpu');
  expect(one.has('unit/gpu/kernel-arguments')).toBe(false);
  expect(Object.keys(at(one.manifest('unit/gpu/vfio'), 'spec') ?? {})).toEqual(['kernelArguments', 'config']);
  expect(one.text('node-prep/gpu/machineconfig.99-gpu.yaml')).toContain('# turns the Intel IOMMU on');
});

it.each([
  ['4.12', '3.2.0'],
  ['4.14', '3.4.0'],
  ['4.19', '3.5.0'],
  ['5.0', '3.2.0'],
])('writes for OpenShift %s the Ignition format %s', (release, version) => {
  const { manifest } = compiled(fleetOf(NVME_POOL('n1'), release), EMPTY);
  expect(at(manifest('unit/storage/vfio'), 'spec', 'config', 'ignition', 'version')).toBe(version);
});

it('writes decimal modes and whole files', () => {
  const { manifest } = compiled(fleetOf(NVME_POOL('n1')), EMPTY);
  const files = ignitionFiles(manifest('unit/storage/vfio'));
  expect([...files].map(([path, { mode }]) => [path, mode])).toEqual([
    ['/etc/modules-load.d/vfio-pci.conf', 420],
    ['/usr/local/bin/hostdev-vfio-bind', 493],
    ['/etc/hostdev/bindings', 420],
  ]);
  expect(files.get('/etc/modules-load.d/vfio-pci.conf')?.text).toBe('vfio-pci\n');
});

it('enables the unit that binds before kubelet, and the one that compares at every boot', () => {
  const { manifest } = compiled(fleetOf(NVME_POOL('n1')), EMPTY);
  const unit = (index: number, field: string): unknown =>
    at(manifest('unit/storage/vfio'), 'spec', 'config', 'systemd', 'units', index, field);
  expect([0, 1].map((index) => [unit(index, 'name'), unit(index, 'enabled')])).toEqual([
    ['hostdev-vfio-bind.service', true],
    ['hostdev-vfio-verify.service', true],
  ]);
  expect(unit(0, 'contents')).toContain('\nExecStart=/usr/local/bin/hostdev-vfio-bind\n');
  expect(unit(1, 'contents')).toContain('\nAfter=hostdev-vfio-bind.service kubelet.service\n');
  expect(unit(1, 'contents')).toContain('\nExecStart=/usr/local/bin/hostdev-vfio-bind --verify\n');
});

it('lists ids once, in one line, where every function is declared', () => {
  const gpus = '{ address: "0000:3b:00.0", class: "0302", id: "10de:1eb8", hostUse: [] }';
  const { manifest } = compiled(
    fleetOf('    gpu: { nodes: [n1], cpuVendor: intel, passthrough: [{ device: t4 }] }'),
    inventory('n1', gpus),
  );
  const files = ignitionFiles(manifest('unit/gpu/vfio'));
  expect(files.get('/etc/modprobe.d/vfio.conf')?.text).toMatch(
    /^options vfio-pci ids=10de:1eb8\nsoftdep nouveau pre: vfio-pci\n/,
  );
  expect(files.has('/etc/hostdev/bindings')).toBe(false);
  expect(at(manifest('unit/gpu/vfio'), 'spec', 'config', 'systemd')).toBeUndefined();
});

it('keys rows by DMI UUID where it is known, else by host name, and waits for the name only then', () => {
  const drive =
    '{ address: "0000:5e:00.0", class: "0108", id: "8086:5845", subsystem: "8086:0001", serial: " S3 EV", hostUse: [] }';
  const pool = `    storage:
      nodes: [n1, n2]
      cpuVendor: intel
      passthrough: [{ device: nvme, addresses: { n1: ["0000:5e:00.0"], n2: ["0000:5f:00.0"] } }]`;
  const uuid = 'productUuid: "4C4C4544-0042-3510-8052-B4C04F4E4332"';
  const byName = compiled(fleetOf(pool), inventory('n1', drive, uuid));
  const table = ignitionFiles(byName.manifest('unit/storage/vfio')).get('/etc/hostdev/bindings')?.text;
  expect(table?.split('\n').filter((line) => !/^# {2}|^# [A-Z]/.test(line))).toEqual([
    '# n1',
    'uuid=4c4c4544-0042-3510-8052-b4c04f4e4332 0000:5e:00.0 8086:5845 8086:0001 0108 S3_EV - nvme',
    '# n2',
    'host=n2 0000:5f:00.0 8086:5845 - - - - nvme',
    '',
  ]);
  expect(byName.text('node-prep/storage/machineconfig.100-storage-vfiopci.yaml')).toContain(
    '# host=n2 0000:5f:00.0 8086:5845 - - - - nvme',
  );
  const unit = (result: Compiled): unknown =>
    at(result.manifest('unit/storage/vfio'), 'spec', 'config', 'systemd', 'units', 0, 'contents');
  expect(unit(byName)).toContain('node-valid-hostname.service');
  expect(unit(compiled(fleetOf(NVME_POOL('n1')), EMPTY))).not.toContain('node-valid-hostname.service');
});

it('changes no byte when a node joins a pool whose addresses are a list, or a like card is swapped', () => {
  const drive = (serial: string): string =>
    `{ address: "0000:5e:00.0", class: "0108", id: "8086:5845", subsystem: "8086:0001", serial: ${serial}, hostUse: [] }`;
  const before = nodePreparation(compiled(fleetOf(NVME_POOL('n1')), inventory('n1', drive('A1'))));
  expect(nodePreparation(compiled(fleetOf(NVME_POOL('n1, n2')), inventory('n1', drive('A1'))))).toBe(before);
  expect(nodePreparation(compiled(fleetOf(NVME_POOL('n1')), inventory('n1', drive('B2'))))).toBe(before);
});

it('protects what reboots nodes when it goes', () => {
  const { set } = compiled(fleetOf(NVME_POOL('n1')), EMPTY);
  for (const manifest of set.manifests.filter(({ path }) => path.startsWith('node-prep/'))) {
    expect(at(manifest, 'metadata', 'annotations')).toMatchObject({
      'argocd.argoproj.io/sync-options': expect.stringMatching(/^Prune=false,Delete=false/) as unknown,
      'kustomize.toolkit.fluxcd.io/prune': 'disabled',
    });
  }
});

it('never writes what the controllers own', () => {
  const { manifest } = compiled(fleetOf(NVME_POOL('n1')), EMPTY);
  expect(at(manifest('unit/storage/pool'), 'spec', 'configuration')).toBeUndefined();
  expect(at(manifest('unit/storage/pool'), 'metadata', 'labels')).toEqual({
    'pools.operator.machineconfiguration.openshift.io/storage': '',
  });
});

it('traces a kernel argument to the line that asks for it', () => {
  const { manifest } = compiled(
    fleetOf('    gpu: { nodes: [n1], cpuVendor: intel, kernelArguments: [a=1], passthrough: [{ device: t4 }] }'),
    EMPTY,
  );
  expect(manifest('unit/gpu/kernel-arguments').trace('/spec/kernelArguments/1')).toMatchObject({
    pointer: '/spec/nodePools/gpu/kernelArguments/0',
  });
});
