/*
 * The prediction of what a node advertises against a second port of the plugins, written from the facts alone and as naively as
 * possible: it reads the KubeVirt object that would be applied and the node as sysfs shows it.
 */
import fc from 'fast-check';
import { analyse, type Analysis } from '../../src/analysis';
import { loadFleet } from '../../src/load';
import { makeManifests } from '../../src/manifests';
import { jsonAt, type JsonObject, type JsonValue } from '../../src/model';
import { memoryFiles } from '../support/fleet-of';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 200);

interface NaiveFunction {
  readonly address: string;
  readonly id: string;
  readonly name: string | undefined;
  readonly driver: string | null;
  readonly group: number | null;
  readonly numa: number;
  readonly isVf: boolean;
  readonly mdevTypes: readonly { readonly id: string; readonly name: string; readonly instances: number }[];
}

interface NaiveUsb {
  readonly vendor: string;
  readonly product: string;
}

interface Machine {
  readonly functions: readonly NaiveFunction[];
  readonly usb: readonly NaiveUsb[];
}

interface Device {
  readonly kind: 'pci' | 'mdev' | 'usb';
  readonly selectors: readonly string[];
  readonly resourceName: string;
  readonly plugin: 'kubevirt' | 'nvidia' | 'none';
  readonly isUsed: boolean;
}

interface Case {
  readonly version: string;
  readonly machine: Machine;
  readonly devices: readonly Device[];
  readonly live: JsonObject | undefined;
}

const NAMES: Readonly<Record<string, string>> = {
  '10de:1eb8': 'NVIDIA Corporation TU104GL [Tesla T4]',
  '10de:10f8': 'NVIDIA Corporation TU104 HD Audio Controller',
  '10de:20f1': 'NVIDIA Corporation GA100 [A100 PCIe 40GB]',
};
const IDS = ['10de:1eb8', '10de:10f8', '10de:20f1', '8086:6f54'];
const USB_IDS = ['46f4:0001', '46f4:0002', '0781:5583'];
const TYPES = ['GRID T4-1Q', 'GRID T4-2Q'];
const RESOURCES = ['a.com/x', 'b.com/y', 'c.com/z', 'nvidia.com/TU104GL_TESLA_T4', 'nvidia.com/GRID_T4-1Q'];

const spelled = (text: string): fc.Arbitrary<string> => fc.constantFrom(text, text.toUpperCase());
const oneFunction = fc
  .record({
    id: fc.constantFrom(...IDS),
    driver: fc.constantFrom('vfio-pci', 'vfio-pci', 'nvidia', 'nouveau', 'nvgrace_gpu_vfio_pci', null),
    group: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 4 }) }, fc.constant(null)),
    numa: fc.integer({ min: -1, max: 1 }),
    isVf: fc.boolean(),
    types: fc.subarray(TYPES),
    instances: fc.integer({ min: 0, max: 4 }),
  })
  .map(({ types, instances, ...facts }) => ({
    ...facts,
    name: NAMES[facts.id],
    mdevTypes: types.map((name) => ({ id: `nvidia-${TYPES.indexOf(name) + 222}`, name, instances })),
  }));
const machine: fc.Arbitrary<Machine> = fc.record({
  functions: fc.array(oneFunction, { minLength: 1, maxLength: 6 }).map((functions) =>
    functions.map((one, i) => ({
      ...one,
      // a domain of five digits comes last in sysfs's folder as well
      address: i === 5 ? '10000:e1:00.0' : `0000:${(0x3b + i).toString(16)}:00.0`,
    })),
  ),
  usb: fc.array(
    fc.constantFrom(...USB_IDS).map((id) => {
      const [vendor = '', product = ''] = id.split(':');
      return { vendor, product };
    }),
    { maxLength: 4 },
  ),
});
const device: fc.Arbitrary<Device> = fc.oneof(
  fc.record({
    kind: fc.constant('pci' as const),
    selectors: fc.array(fc.constantFrom(...IDS).chain(spelled), { minLength: 1, maxLength: 2 }),
    resourceName: fc.constantFrom(...RESOURCES),
    plugin: fc.constantFrom('kubevirt' as const, 'kubevirt' as const, 'nvidia' as const, 'none' as const),
    isUsed: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('mdev' as const),
    selectors: fc.array(fc.constantFrom(...TYPES), { minLength: 1, maxLength: 1 }),
    resourceName: fc.constantFrom(...RESOURCES),
    plugin: fc.constant('kubevirt' as const),
    isUsed: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('usb' as const),
    selectors: fc.array(fc.constantFrom(...USB_IDS).chain(spelled), { minLength: 1, maxLength: 3 }),
    resourceName: fc.constantFrom(...RESOURCES),
    plugin: fc.constant('kubevirt' as const),
    isUsed: fc.boolean(),
  }),
);
const liveEntry = fc.record({
  pciVendorSelector: fc.constantFrom(...IDS).chain(spelled),
  resourceName: fc.constantFrom('live.com/a', 'live.com/b', ...RESOURCES),
  externalResourceProvider: fc.boolean(),
});
const aCase: fc.Arbitrary<Case> = fc.record({
  version: fc.constantFrom('1.6', '1.8.3', '1.9', '1.9.0'),
  machine,
  devices: fc.array(device, { maxLength: 5 }),
  live: fc.option(
    fc.record({ pciHostDevices: fc.array(liveEntry, { maxLength: 3 }) }).map((lists) => lists as unknown as JsonObject),
    { nil: undefined },
  ),
});

function filesOf({ version, machine: { functions, usb }, devices, live }: Case): Record<string, string> {
  const declared = Object.fromEntries(devices.map((one, i) => [`d${i}`, deviceEntry(one)]));
  const used = devices.map((one, i) => ({ ...one, id: `d${i}` })).filter(({ isUsed }) => isUsed);
  const pool = {
    nodes: ['n'],
    cpuVendor: 'intel',
    passthrough: used.filter(({ kind }) => kind === 'pci').map(({ id }) => ({ device: id, binding: 'external' })),
    mediatedDevices: used
      .filter(({ kind }) => kind === 'mdev')
      .map(({ id }) => ({ device: id, createdBy: 'kubevirt' })),
    usb: used.filter(({ kind }) => kind === 'usb').map(({ id }) => id),
  };
  const spec = {
    inventory: 'inventory/',
    cluster: { nodePlatform: 'openshift', kubevirt: { version }, current: 'cluster/' },
    devices: declared,
    nodePools: { p: pool },
  };
  const inventory = {
    functions: functions.map(({ address, id, name, driver, group, numa, isVf, mdevTypes }) => ({
      address,
      class: '0302',
      id,
      ...(name === undefined ? {} : { name }),
      driver: driver ?? 'none',
      iommuGroup: group ?? 'none',
      numaNode: numa,
      ...(isVf ? { physicalFunction: '0000:01:00.0' } : { totalVfs: 16 }),
      mdevTypes,
    })),
    usbDevices: usb.map((one, i) => ({ port: `1-${i + 1}`, ...one })),
  };
  const document = (kind: string, name: string, body: unknown): string =>
    JSON.stringify({ apiVersion: 'hostdev/v1alpha1', kind, metadata: { name }, spec: body });
  const kubevirt = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'KubeVirt',
    metadata: { name: 'kubevirt', namespace: 'kubevirt' },
    spec: { configuration: live === undefined ? {} : { permittedHostDevices: live } },
  };
  return {
    'fleet.yaml': document('Fleet', 'f', spec),
    'inventory/n.yaml': document('NodeInventory', 'n', inventory),
    'cluster/kubevirt.yaml': JSON.stringify(kubevirt),
  };
}

function deviceEntry({ kind, selectors, resourceName, plugin }: Device): JsonValue {
  const common = {
    resourceName,
    ...(plugin === 'kubevirt' ? {} : { externalResourceProvider: true, devicePlugin: plugin }),
  };
  if (kind === 'pci') return { pci: selectors, ...common };
  if (kind === 'mdev') return { mdev: { name: selectors[0] ?? '' }, ...common };
  const usb = selectors.map((selector) => {
    const [vendor = '', product = ''] = selector.split(':');
    return { vendor, product };
  });
  return { usb: { selectors: usb }, ...common };
}

function analysisOf(one: Case): Analysis | undefined {
  const { fleet } = loadFleet(memoryFiles(filesOf(one)), 'fleet.yaml');
  return fleet === undefined ? undefined : analyse(fleet);
}

function textOf(entry: JsonObject, key: string): string {
  const value = entry[key];
  return typeof value === 'string' ? value : '';
}

/** What virt-handler advertises: device ids by resource name; `unknown`: not to be told from an inventory. */
function virtHandler(analysis: Analysis, one: Case): Map<string, Set<string> | 'unknown'> {
  const patch = makeManifests(analysis).manifests.find(({ key }) => key === 'kubevirt')?.content;
  const configuration = jsonAt(patch, 'spec', 'configuration');
  const listAt = (...path: string[]): JsonObject[] => (jsonAt(configuration, ...path) ?? []) as unknown as JsonObject[];
  const internal = (list: string): JsonObject[] =>
    listAt('permittedHostDevices', list).filter((entry) => entry['externalResourceProvider'] !== true);
  const plugins = new Map<string, Set<string> | 'unknown'>();

  const pciMap: Record<string, string> = {};
  for (const entry of internal('pciHostDevices')) {
    pciMap[textOf(entry, 'pciVendorSelector').toLowerCase()] = textOf(entry, 'resourceName');
  }
  const pci = new Map<string, Set<string> | 'unknown'>();
  for (const { id, driver, group, isVf } of one.machine.functions) {
    const name = pciMap[id];
    if (name === undefined || group === null) continue;
    const mayHaveVgpu = driver === 'nvidia' && isVf && one.version.startsWith('1.9');
    if (mayHaveVgpu) pci.set(name, 'unknown');
    const ids = pci.get(name) ?? new Set();
    if (driver !== 'vfio-pci' || ids === 'unknown') continue;
    pci.set(name, ids.add(String(group)));
  }
  for (const [name, ids] of pci) plugins.set(name, ids);

  for (const [name, count] of mediated(configuration, internal('mediatedDevices'), one.machine.functions)) {
    if (count === 0) continue;
    plugins.set(name, count === undefined ? 'unknown' : new Set(Array.from({ length: count }, (_, i) => `m${i}`)));
  }

  const plugged = one.machine.usb.map(({ vendor, product }) => ({ v: parseInt(vendor, 16), p: parseInt(product, 16) }));
  const usb = new Map<string, Set<string>>();
  for (const entry of internal('usb')) {
    const name = textOf(entry, 'resourceName');
    const selectors = (entry['selectors'] ?? []) as unknown as { vendor: string; product: string }[];
    for (;;) {
      const taken = selectors.map(({ vendor, product }) =>
        plugged.find(({ v, p }) => v === parseInt(vendor, 16) && p === parseInt(product, 16)),
      );
      if (taken.length === 0 || taken.includes(undefined)) break;
      for (const device of taken) {
        if (device !== undefined && plugged.includes(device)) plugged.splice(plugged.indexOf(device), 1);
      }
      const ids = usb.get(name) ?? new Set();
      usb.set(name, ids.add(`u${ids.size}`));
    }
  }
  for (const [name, ids] of usb) plugins.set(name, ids);
  return plugins;
}

/** Instances by resource name, for every order in which the wanted types may come: undefined where the orders differ. */
function mediated(
  configuration: JsonValue | undefined,
  permitted: readonly JsonObject[],
  functions: readonly NaiveFunction[],
): Map<string, number | undefined> {
  const entries = (jsonAt(configuration, 'mediatedDevicesConfiguration', 'nodeMediatedDeviceTypes') ??
    []) as unknown as {
    nodeSelector: JsonObject;
    mediatedDeviceTypes: string[];
  }[];
  const wanted = new Set(
    entries
      .filter(({ nodeSelector }) => nodeSelector['kubernetes.io/hostname'] === 'n')
      .flatMap(({ mediatedDeviceTypes }) => mediatedDeviceTypes),
  );
  const nameOf: Record<string, string> = {};
  for (const entry of permitted) {
    nameOf[textOf(entry, 'mdevNameSelector').replaceAll(' ', '_')] = textOf(entry, 'resourceName');
  }
  const outcomes = [[...wanted], [...wanted].reverse()].map((order) => {
    const created: Record<string, number> = {};
    for (const { driver, mdevTypes } of functions) {
      if (driver === 'vfio-pci') continue;
      for (const type of order) {
        const found = mdevTypes.find(({ id, name }) => id === type || name.replaceAll(' ', '_') === type);
        if (found === undefined || found.instances === 0) continue;
        const key = found.name.replaceAll(' ', '_');
        created[key] = (created[key] ?? 0) + found.instances;
        break;
      }
    }
    return created;
  });
  const counts = new Map<string, number | undefined>();
  for (const type of new Set(outcomes.flatMap((outcome) => Object.keys(outcome)))) {
    const name = nameOf[type];
    if (name === undefined) continue;
    const [first, second] = outcomes.map((outcome) => outcome[type] ?? 0);
    // two types of one name: one of the plugins survives
    counts.set(name, counts.has(name) || first !== second ? undefined : first);
  }
  return counts;
}

/** A vGPU's name is no PCI function's, whatever the fleet gives it to. */
function isVgpu(name: string | undefined): boolean {
  return name?.includes('GRID') === true;
}

/** What NVIDIA's plugin advertises: addresses by resource name. */
function nvidiaPlugin(functions: readonly NaiveFunction[]): Map<string, Set<string>> {
  const plugins = new Map<string, Set<string>>();
  for (const { address, id, driver, group, name } of functions) {
    if (!id.startsWith('10de:') || group === null || name === undefined) continue;
    if (driver !== 'vfio-pci' && driver !== 'nvgrace_gpu_vfio_pci') continue;
    const slug = name
      .replace('NVIDIA Corporation ', '')
      .toUpperCase()
      .replaceAll('/', '_')
      .replaceAll('.', '_')
      .replace(/\s+/g, '_')
      .replace(/[^A-Z0-9_.]/g, '');
    plugins.set(`nvidia.com/${slug}`, (plugins.get(`nvidia.com/${slug}`) ?? new Set()).add(address));
  }
  return plugins;
}

test('what KubeVirt advertises is predicted', () => {
  fc.assert(
    fc.property(aCase, (one) => {
      const analysis = analysisOf(one);
      const [node] = analysis?.nodes ?? [];
      if (analysis === undefined || node === undefined) return;
      const expected = virtHandler(analysis, one);
      const predicted = new Map<string, number | undefined>();
      for (const { resource, count } of node.advertised) {
        if (resource.server === 'kubevirt' && resource.name !== undefined) predicted.set(resource.name, count);
      }
      for (const { name, server, count } of node.alsoAdvertised) if (server === 'kubevirt') predicted.set(name, count);
      for (const name of new Set([...expected.keys(), ...predicted.keys()])) {
        const ids = expected.get(name) ?? new Set();
        expect([name, predicted.has(name) ? predicted.get(name) : 0]).toEqual([
          name,
          ids === 'unknown' ? undefined : ids.size,
        ]);
      }
    }),
    { numRuns: RUNS },
  );
});

test('the devices that kubelet is told are predicted with their NUMA nodes', () => {
  fc.assert(
    fc.property(aCase, (one) => {
      const [node] = analysisOf(one)?.nodes ?? [];
      for (const { resource, devices, count } of node?.advertised ?? []) {
        if (resource.device.kind !== 'pci' || devices.length === 0) continue;
        expect(devices).toHaveLength(count ?? -1);
        for (const { id, functions, numaNode } of devices) {
          const last = one.machine.functions.find(({ address }) => address === functions.at(-1)?.fact.address);
          if (resource.server === 'kubevirt') {
            expect([id, numaNode]).toEqual([String(last?.group), last?.numa === -1 ? undefined : last?.numa]);
          } else {
            expect([id, numaNode]).toEqual([last?.address, last?.numa === -1 ? 0 : last?.numa]);
          }
        }
      }
    }),
    { numRuns: RUNS },
  );
});

test("what NVIDIA's plugin advertises is predicted, where it runs", () => {
  fc.assert(
    fc.property(aCase, (one) => {
      const analysis = analysisOf(one);
      const [node] = analysis?.nvidiaPluginNodes ?? [];
      if (node === undefined) return;
      const expected = nvidiaPlugin(one.machine.functions);
      const predicted = new Map<string, number | undefined>();
      for (const { resource, count } of node.advertised) {
        if (resource.server === 'nvidia' && !isVgpu(resource.name)) predicted.set(resource.name ?? '', count);
      }
      for (const { name, server, count } of node.alsoAdvertised) {
        if (server === 'nvidia' && !isVgpu(name)) predicted.set(name, count);
      }
      const owned = new Set(analysis?.resources.map(({ name }) => name));
      for (const name of new Set([...expected.keys(), ...predicted.keys()])) {
        // a name that the fleet serves in another way is a finding, not a prediction
        if (owned.has(name) && !predicted.has(name)) continue;
        expect([name, predicted.get(name) ?? 0]).toEqual([name, expected.get(name)?.size ?? 0]);
      }
    }),
    { numRuns: RUNS },
  );
});
