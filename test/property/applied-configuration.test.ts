/*
 * The patch of the configuration, applied to any live object: whatever others permitted about other devices is there afterwards, and
 * so is everything that the fleet does not speak of. Applying is modelled twice, as server-side apply does it (maps are merged, atomic
 * lists replaced, lists with keys merged by key) and as a merge patch does it (maps are merged, every list replaced).
 */
import fc from 'fast-check';
import { isJsonObject, jsonAt, type JsonObject, type JsonValue } from '../../src/model';
import { compiled } from '../unit/manifests/compiled';

const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 40);

interface Owner {
  readonly name: string;
  readonly kubevirt: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly identity: string;
  readonly permitted: readonly string[];
  readonly mediated: readonly string[];
  readonly pciSelector: string;
  readonly usb: string;
  readonly gates: readonly string[];
}

const OWNERS: readonly Owner[] = [
  {
    name: 'KubeVirt',
    kubevirt: 'version: "1.6", featureGates: [CPUManager]',
    apiVersion: 'kubevirt.io/v1',
    kind: 'KubeVirt',
    identity: '{ name: kubevirt, namespace: kubevirt }',
    permitted: ['spec', 'configuration', 'permittedHostDevices'],
    mediated: ['spec', 'configuration', 'mediatedDevicesConfiguration'],
    pciSelector: 'pciVendorSelector',
    usb: 'usb',
    gates: ['spec', 'configuration', 'developerConfiguration', 'featureGates'],
  },
  ...(['v1', 'v1beta1'] as const).map((version) => ({
    name: `HyperConverged ${version}`,
    kubevirt: `version: "1.9", managedBy: hyperconverged, apiVersion: hco.kubevirt.io/${version}, featureGates: [AlignCPUs]`,
    apiVersion: `hco.kubevirt.io/${version}`,
    kind: 'HyperConverged',
    identity: '{ name: kubevirt-hyperconverged, namespace: openshift-cnv }',
    permitted: version === 'v1' ? ['spec', 'virtualization', 'permittedHostDevices'] : ['spec', 'permittedHostDevices'],
    mediated:
      version === 'v1'
        ? ['spec', 'virtualization', 'mediatedDevicesConfiguration']
        : ['spec', 'mediatedDevicesConfiguration'],
    pciSelector: 'pciDeviceSelector',
    usb: 'usbHostDevices',
    gates: ['spec', 'featureGates'],
  })),
];

const FLEET = (kubevirt: string): string => `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: small }
spec:
  cluster: { nodePlatform: openshift, current: current, kubevirt: { ${kubevirt} } }
  devices:
    qat: { pci: ["8086:6f54"], resourceName: intel.com/qat }
    t4-1q: { mdev: { name: GRID T4-1Q, typeId: nvidia-222 }, resourceName: nvidia.com/GRID_T4-1Q }
    stick: { usb: { selectors: [{ vendor: "46f4", product: "0001" }] }, resourceName: kubevirt.io/stick }
  nodePools:
    vgpu: { nodes: [node01], cpuVendor: intel, mediatedDevices: [{ device: t4-1q, createdBy: kubevirt }] }
`;

const hex = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16).padStart(4, '0'));
const more = fc.record({ externalResourceProvider: fc.boolean() }, { requiredKeys: [] });

function liveOf(owner: Owner): fc.Arbitrary<JsonObject> {
  const disabled =
    owner.kind === 'HyperConverged' ? fc.record({ disabled: fc.boolean() }, { requiredKeys: [] }) : fc.constant({});
  const foreign = (entry: (n: number, a: string, b: string) => JsonObject): fc.Arbitrary<JsonObject[]> =>
    fc
      .uniqueArray(fc.tuple(fc.nat(99), hex, hex, more, disabled), { maxLength: 4, selector: ([n]) => n })
      .map((rows) => rows.map(([n, a, b, extra, off]) => ({ ...entry(n, a, b), ...extra, ...off })));
  const lists = fc.record(
    {
      pciHostDevices: foreign((n, a) => ({
        [owner.pciSelector]: `${a}:00${String(n).padStart(2, '0')}`,
        resourceName: `other.com/pci${n}`,
      })),
      mediatedDevices: foreign((n) => ({ mdevNameSelector: `GRID V100-${n}Q`, resourceName: `other.com/mdev${n}` })),
      [owner.usb]: foreign((n, a) => ({
        resourceName: `other.com/usb${n}`,
        selectors: [{ vendor: a, product: `00${String(n).padStart(2, '0')}` }],
      })),
    },
    { requiredKeys: [] },
  );
  const types = fc
    .uniqueArray(fc.nat(99), { maxLength: 3 })
    .map((ns) => ns.map((n) => ({ nodeSelector: { rack: String(n) }, mediatedDeviceTypes: [`nvidia-${n}`] })));
  const names = fc.uniqueArray(fc.constantFrom('Sidecar', 'Snapshot', 'ExpandDisks', 'HostDevices'), { maxLength: 3 });
  const gates = names.map((listed): JsonValue => {
    if (owner.kind === 'KubeVirt') return listed;
    if (owner.apiVersion.endsWith('v1')) return listed.map((name) => ({ name, state: 'Enabled' }));
    return Object.fromEntries(listed.map((name) => [name, true]));
  });
  return fc.tuple(lists, types, gates, fc.boolean()).map(([permitted, nodeTypes, gateList, hasMore]) => {
    const root: Record<string, JsonValue> = {};
    put(root, owner.permitted, permitted);
    put(root, owner.mediated, { mediatedDeviceTypes: ['nvidia-1'], nodeMediatedDeviceTypes: nodeTypes });
    put(root, owner.gates, gateList);
    if (hasMore) put(root, ['spec', 'evictionStrategy'], 'LiveMigrate');
    return root;
  });
}

describe.each(OWNERS)('the patch of $name', (owner) => {
  const lists = ['pciHostDevices', 'mediatedDevices', owner.usb];

  it.each([
    ['server-side apply', true],
    ['a merge patch', false],
  ])('by %s loses nothing of others', (_way, mergesByKey) => {
    fc.assert(
      fc.property(liveOf(owner), (live) => {
        const text = `apiVersion: ${owner.apiVersion}\nkind: ${owner.kind}\nmetadata: ${owner.identity}\nspec: ${JSON.stringify(live['spec'])}\n`;
        const { manifest } = compiled(FLEET(owner.kubevirt), { 'current/owner.yaml': text });
        const patch = { spec: manifest('kubevirt').content['spec'] ?? {} };
        const keyOf =
          mergesByKey && owner.kind === 'HyperConverged' ? (list: string) => mergeKeyOf(owner, list) : () => undefined;
        const after = applied(live, patch, '', keyOf);

        for (const list of lists) {
          const kept = listAt(after, ...owner.permitted, list);
          for (const entry of listAt(live, ...owner.permitted, list)) expect(kept).toContainEqual(meaning(entry));
        }
        const types = listAt(after, ...owner.mediated, 'nodeMediatedDeviceTypes');
        for (const entry of listAt(live, ...owner.mediated, 'nodeMediatedDeviceTypes'))
          expect(types).toContainEqual(entry);
        expect(jsonAt(after, ...owner.mediated, 'mediatedDeviceTypes')).toEqual(['nvidia-1']);
        const before = jsonAt(live, ...owner.gates);
        const gates = jsonAt(after, ...owner.gates);
        if (Array.isArray(before))
          for (const gate of before as readonly JsonValue[]) expect(gates).toContainEqual(gate);
        else expect(gates).toMatchObject(before as object);
        expect(jsonAt(after, 'spec', 'evictionStrategy')).toEqual(jsonAt(live, 'spec', 'evictionStrategy'));
        // and the fleet's own is there
        expect(JSON.stringify(after)).toContain('"intel.com/qat"');
      }),
      { numRuns, seed: 5 },
    );
  });
});

/** `disabled: false` says what no word says. */
function meaning(entry: JsonValue): JsonValue {
  if (!isJsonObject(entry) || entry['disabled'] !== false) return entry;
  const { disabled: _disabled, ...rest } = entry;
  const matcher: unknown = expect.objectContaining(rest);
  return matcher as JsonValue;
}

function mergeKeyOf(owner: Owner, list: string): string | undefined {
  if (list === 'pciHostDevices') return owner.pciSelector;
  if (list === 'mediatedDevices') return 'mdevNameSelector';
  return list === owner.usb ? 'resourceName' : undefined;
}

function applied(
  live: JsonValue | undefined,
  patch: JsonValue,
  name: string,
  keyOf: (list: string) => string | undefined,
): JsonValue {
  if (isJsonObject(patch)) {
    const result: Record<string, JsonValue | undefined> = isJsonObject(live) ? { ...live } : {};
    for (const [key, value] of Object.entries(patch)) {
      if (value !== undefined) result[key] = applied(result[key], value, key, keyOf);
    }
    return result;
  }
  const key = keyOf(name);
  if (!Array.isArray(patch) || key === undefined || !Array.isArray(live)) return patch;
  const items = [...(live as readonly JsonObject[])];
  for (const item of patch as readonly JsonObject[]) {
    const index = items.findIndex((one) => one[key] === item[key]);
    if (index < 0) items.push(item);
    else items[index] = { ...items[index], ...item };
  }
  return items;
}

function listAt(root: JsonValue, ...path: readonly string[]): readonly JsonValue[] {
  const list = jsonAt(root, ...path);
  return Array.isArray(list) ? (list as readonly JsonValue[]) : [];
}

function put(root: Record<string, JsonValue>, path: readonly string[], value: JsonValue): void {
  let at = root;
  for (const key of path.slice(0, -1)) at = (at[key] ??= {}) as Record<string, JsonValue>;
  at[path.at(-1) ?? ''] = value;
}
