import { at, compiled, type Compiled } from './compiled';

const fleetOf = (rest: string, kubevirt = 'version: "1.6"'): string => `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: small }
spec:
  cluster: { nodePlatform: openshift, current: current, kubevirt: { ${kubevirt} } }
${rest}`;

const QAT = '  devices: { qat: { pci: ["8086:6F54"], resourceName: intel.com/qat } }';

const live = (configuration: string): Readonly<Record<string, string>> => ({
  'current/kubevirt.yaml': `
apiVersion: kubevirt.io/v1
kind: KubeVirt
metadata: { name: kubevirt, namespace: kubevirt }
spec:
  configuration: ${configuration}
`,
});

const configuration = ({ manifest }: Compiled, ...path: readonly (string | number)[]): unknown =>
  at(manifest('kubevirt'), 'spec', 'configuration', ...path);

it('says nothing where the fleet has nothing to say', () => {
  const { has, set } = compiled(fleetOf('', 'version: "1.6"'), live('{}'));
  expect(has('kubevirt')).toBe(false);
  expect(set.files).toEqual([]);
});

it('is written to the object that the fleet names', () => {
  const { manifest } = compiled(fleetOf(QAT, 'version: "1.6", name: kv, namespace: virt'), live('{}'));
  expect(manifest('kubevirt').path).toBe('kubevirt/kubevirt.kv.yaml');
  expect(at(manifest('kubevirt'), 'metadata')).toMatchObject({ name: 'kv', namespace: 'virt' });
});

it('keeps what others permitted, and replaces what is about the same devices', () => {
  const result = compiled(
    fleetOf(QAT),
    live(`
    permittedHostDevices:
      pciHostDevices:
        - { pciVendorSelector: "8086:6f54", resourceName: intel.com/old }
        - { pciVendorSelector: "10de:1eb8", resourceName: nvidia.com/t4, externalResourceProvider: true }
        - { pciVendorSelector: "10de:1eb9", resourceName: intel.com/qat }
      mediatedDevices: [{ mdevNameSelector: GRID T4-1Q, resourceName: nvidia.com/GRID_T4-1Q }]
      usb: [{ resourceName: kubevirt.io/storage, selectors: [{ vendor: 46f4, product: "0001" }] }]`),
  );
  expect(configuration(result, 'permittedHostDevices')).toEqual({
    pciHostDevices: [
      { pciVendorSelector: '8086:6F54', resourceName: 'intel.com/qat' },
      { pciVendorSelector: '10de:1eb8', resourceName: 'nvidia.com/t4', externalResourceProvider: true },
    ],
    mediatedDevices: [{ mdevNameSelector: 'GRID T4-1Q', resourceName: 'nvidia.com/GRID_T4-1Q' }],
    usb: [{ resourceName: 'kubevirt.io/storage', selectors: [{ vendor: '46f4', product: '0001' }] }],
  });
  expect(result.text('kubevirt/kubevirt.kubevirt.yaml')).toMatchGolden('manifests/kubevirt/kept.yaml');
});

it('replaces a mediated device under either spelling, and a USB entry with the same selectors', () => {
  const result = compiled(
    fleetOf(`
  devices:
    t4-1q: { mdev: { name: GRID T4-1Q }, resourceName: nvidia.com/vgpu }
    stick: { usb: { selectors: [{ vendor: "46F4", product: "0001" }] }, resourceName: kubevirt.io/stick }`),
    live(`
    permittedHostDevices:
      mediatedDevices: [{ mdevNameSelector: GRID_T4-1Q, resourceName: nvidia.com/GRID_T4-1Q }]
      usb: [{ resourceName: kubevirt.io/storage, selectors: [{ vendor: 46f4, product: "0001" }] }]`),
  );
  expect(configuration(result, 'permittedHostDevices', 'mediatedDevices')).toEqual([
    { mdevNameSelector: 'GRID T4-1Q', resourceName: 'nvidia.com/vgpu' },
  ]);
  expect(configuration(result, 'permittedHostDevices', 'usb')).toHaveLength(1);
});

it('turns on the gates that are needed after those that are on, each once', () => {
  const usb =
    '  devices: { stick: { usb: { selectors: [{ vendor: "46f4", product: "0001" }] }, resourceName: a.com/usb } }';
  const result = compiled(
    fleetOf(usb, 'version: "1.6", featureGates: [Snapshot, Sidecar]'),
    live('{ developerConfiguration: { featureGates: [Sidecar, CPUManager] } }'),
  );
  expect(configuration(result, 'developerConfiguration', 'featureGates')).toEqual([
    'Sidecar',
    'CPUManager',
    'HostDevices',
    'Snapshot',
  ]);
});

it('writes one entry for each selector of a device, and none for a device without a resource name', () => {
  const result = compiled(
    fleetOf(`
  devices:
    l40: { pci: ["10de:26b7", "10de:26ba"], resourceName: nvidia.com/L40 }
    t4: { pci: ["10de:1eb8"], externalResourceProvider: true, devicePlugin: nvidia }`),
    live('{}'),
  );
  expect(configuration(result, 'permittedHostDevices', 'pciHostDevices')).toEqual([
    { pciVendorSelector: '10de:26b7', resourceName: 'nvidia.com/L40' },
    { pciVendorSelector: '10de:26ba', resourceName: 'nvidia.com/L40' },
  ]);
});

describe('mediated devices', () => {
  const pools = `
  devices:
    t4-1q: { mdev: { name: GRID T4-1Q, typeId: nvidia-222 }, resourceName: nvidia.com/GRID_T4-1Q }
    t4-2q: { mdev: { name: GRID T4-2Q }, resourceName: nvidia.com/GRID_T4-2Q }
  nodePools:
    a: { nodes: [node01, node02], cpuVendor: intel, mediatedDevices: [{ device: t4-2q, createdBy: kubevirt }, { device: t4-1q, createdBy: kubevirt }] }
    b: { nodes: [node03], cpuVendor: intel, nodeSelector: { vgpu: "yes" }, mediatedDevices: [{ device: t4-1q, createdBy: kubevirt }] }
    c: { nodes: [node04], cpuVendor: intel, mediatedDevices: [{ device: t4-1q, createdBy: host }] }`;

  it('are made by node or by label, ids as they are and names with underscores, in the order of the fleet', () => {
    const result = compiled(fleetOf(pools), live('{}'));
    expect(configuration(result, 'mediatedDevicesConfiguration')).toEqual({
      nodeMediatedDeviceTypes: [
        { nodeSelector: { 'kubernetes.io/hostname': 'node01' }, mediatedDeviceTypes: ['GRID_T4-2Q', 'nvidia-222'] },
        { nodeSelector: { 'kubernetes.io/hostname': 'node02' }, mediatedDeviceTypes: ['GRID_T4-2Q', 'nvidia-222'] },
        { nodeSelector: { vgpu: 'yes' }, mediatedDeviceTypes: ['nvidia-222'] },
      ],
    });
  });

  it('of others are kept, except for the same nodes', () => {
    const result = compiled(
      fleetOf(pools),
      live(`
    mediatedDevicesConfiguration:
      mediatedDeviceTypes: [nvidia-1]
      nodeMediatedDeviceTypes:
        - { nodeSelector: { vgpu: "yes" }, mediatedDeviceTypes: [nvidia-9] }
        - { nodeSelector: { other: "yes" }, mediatedDeviceTypes: [nvidia-8] }`),
    );
    const types = configuration(result, 'mediatedDevicesConfiguration', 'nodeMediatedDeviceTypes');
    expect(types).toHaveLength(4);
    expect(types).toContainEqual({ nodeSelector: { other: 'yes' }, mediatedDeviceTypes: ['nvidia-8'] });
    expect(types).not.toContainEqual({ nodeSelector: { vgpu: 'yes' }, mediatedDeviceTypes: ['nvidia-9'] });
    // the cluster-wide list is not ours: a field that is not written is left as it is
    expect(configuration(result, 'mediatedDevicesConfiguration', 'mediatedDeviceTypes')).toBeUndefined();
  });

  it('that others make leave the configuration alone', () => {
    const only = pools.replace(/ {4}[ab]: .*\n/g, '');
    const result = compiled(fleetOf(only), live('{ mediatedDevicesConfiguration: { nodeMediatedDeviceTypes: [{}] } }'));
    expect(configuration(result, 'mediatedDevicesConfiguration')).toBeUndefined();
  });

  it('are made on the node whose live label differs from its name', () => {
    const result = compiled(fleetOf(pools), {
      ...live('{}'),
      'current/nodes.yaml': `
apiVersion: v1
kind: Node
metadata: { name: node01, labels: { kubernetes.io/hostname: ip-10-0-0-1 } }
`,
    });
    expect(configuration(result, 'mediatedDevicesConfiguration', 'nodeMediatedDeviceTypes', 0, 'nodeSelector')).toEqual(
      {
        'kubernetes.io/hostname': 'ip-10-0-0-1',
      },
    );
  });
});

describe('the handling of mediated devices', () => {
  const made = (createdBy: string, external = ''): string => `
  devices: { t4-1q: { mdev: { name: GRID T4-1Q }, resourceName: nvidia.com/GRID_T4-1Q${external} } }
  nodePools: { shares: { nodes: [node01], cpuVendor: intel, mediatedDevices: [{ device: t4-1q, createdBy: ${createdBy} }] } }`;
  const switches = (text: string, settings = '{}'): unknown => {
    const result = compiled(text, live(settings));
    return {
      gates: configuration(result, 'developerConfiguration', 'featureGates'),
      enabled: configuration(result, 'mediatedDevicesConfiguration', 'enabled'),
    };
  };
  const v18 = 'version: "1.8"';

  it('is turned off where others make them, in the words of the release', () => {
    expect(switches(fleetOf(made('vgpu-device-manager')))).toEqual({ gates: ['DisableMDEVConfiguration'] });
    expect(switches(fleetOf(made('host'), v18))).toEqual({ enabled: false });
  });

  it('stays on where KubeVirt makes them, or somebody wants it to', () => {
    expect(switches(fleetOf(made('kubevirt'), v18))).toEqual({});
    expect(
      switches(fleetOf(made('host'), v18), '{ mediatedDevicesConfiguration: { mediatedDeviceTypes: [a] } }'),
    ).toEqual({});
    expect(switches(fleetOf(made('host'), v18), '{ mediatedDevicesConfiguration: { enabled: true } }')).toEqual({});
  });

  it('stays on where another plugin serves them: those are left alone', () => {
    expect(switches(fleetOf(made('host', ', externalResourceProvider: true'), v18))).toEqual({});
  });
});
