import { fleetFromValue, type LoadedFleet } from '../../../src/load';
import type { VendorDevicePlugin } from '../../../src/model';
import type { CodePlace, Pointer } from '../../../src/source';
import { readYaml } from '../../../src/yaml';
import { SourceFile } from '../../../src/source';
import { fleetText, load, memoryFiles } from './support';

const CODE: CodePlace = { kind: 'code', frame: () => undefined };
const ACME: VendorDevicePlugin = { name: 'acme', daemonSet: {}, companions: [], place: CODE };

function fromValue(
  value: unknown,
  {
    vendorPlugins = [],
    placeOf = () => CODE,
  }: { vendorPlugins?: VendorDevicePlugin[]; placeOf?: (pointer: Pointer) => CodePlace } = {},
): LoadedFleet {
  return fleetFromValue(value, {
    placeOf,
    files: memoryFiles({}),
    inventory: undefined,
    current: undefined,
    vendorPlugins,
  });
}

/** The value that a YAML text holds. */
function valueOf(text: string): unknown {
  return readYaml(new SourceFile('fleet.yaml', text)).documents[0]?.value;
}

const PLACES = new Set(['place', 'specPlace']);
const withoutPlaces = (value: unknown): string =>
  JSON.stringify(value, (key, entry: unknown) => (PLACES.has(key) ? undefined : entry));

describe('a fleet from a value', () => {
  it('has the model of the same fleet in YAML', () => {
    const text = fleetText(`
devices: { t4: { pci: ["10de:1eb8"], devicePlugin: nvidia }, nvme: { pci: ["8086:5845"], resourceName: a.b/c } }
nodePools: { a: { nodes: [node2, node1], passthrough: [{ device: nvme, addresses: ["0000:5e:00.0"] }] } }
virtualMachines: { v: { node: node1, hostDevices: [{ name: n, device: nvme }], spec: { domain: {} } } }
`);
    const { fleet, problems } = fromValue(valueOf(text));

    expect(problems).toEqual([]);
    expect(withoutPlaces(fleet)).toEqual(withoutPlaces(load(text).fleet));
  });

  it('stands at the place of the call that made each part', () => {
    const made = new Map<Pointer, CodePlace>();
    const placeOf = (pointer: Pointer): CodePlace => {
      const place: CodePlace = { kind: 'code', frame: () => ({ file: pointer, line: 1, column: 1 }) };
      made.set(pointer, place);
      return place;
    };
    const { fleet } = fromValue(valueOf(fleetText('nodePools: { a: { nodes: [n1], passthrough: [{ device: d }] } }')), {
      placeOf,
    });

    expect(fleet?.nodePools[0]?.passthrough[0]?.place).toBe(made.get('/spec/nodePools/a/passthrough/0'));
  });

  it('lets a device name a plugin that the program brings', () => {
    const value = valueOf(fleetText('devices: { a: { pci: ["1:2"], devicePlugin: acme } }'));

    expect(fromValue(value, { vendorPlugins: [ACME] }).problems).toEqual([]);
    expect(fromValue(value, { vendorPlugins: [ACME] }).fleet?.devices[0]).toMatchObject({
      devicePlugin: { kind: 'named', name: 'acme' },
      externalResourceProvider: true,
    });
  });

  it('offers no edit of the program', () => {
    const value = valueOf(fleetText('nodepools: {}\ndevices: { a: { pci: "1:2", externalResourceProvider: yes } }'));
    const { problems } = fromValue(value);

    expect(problems).toHaveLength(3);
    for (const { primary, fixes } of problems) {
      expect(primary.at).toBe(CODE);
      expect(fixes).toEqual([]);
    }
  });

  it('takes entries without a value for entries that are not there', () => {
    const value = valueOf(fleetText('nodePools: { a: { nodes: [n1], iommu: {} } }')) as {
      spec: { nodePools: { a: Record<string, unknown> } };
    };
    Object.assign(value.spec.nodePools.a, { cpuVendor: undefined, iommu: { pt: undefined } });

    expect(fromValue(value).problems).toEqual([]);
    expect(fromValue(value).fleet?.nodePools[0]).toMatchObject({ cpuVendor: undefined, iommu: { pt: false } });
  });

  it('says that a folder is missing at the place that stands for it', () => {
    const { problems } = fleetFromValue(valueOf(fleetText('')), {
      placeOf: () => CODE,
      files: memoryFiles({}),
      inventory: 'inventory',
      current: '../cluster',
      vendorPlugins: [],
    });

    expect(problems.map(({ slug, primary }) => [slug, primary.at])).toEqual([
      ['fleet/missing-file', CODE],
      ['fleet/missing-file', CODE],
    ]);
  });

  it.each([undefined, null, 1, 'text', [], {}, { apiVersion: 'hostdev/v1alpha1', kind: 'Fleet' }])(
    'survives %j',
    (value) => {
      const { fleet, problems } = fromValue(value);

      expect(fleet).toBeUndefined();
      expect(problems.length).toBeGreaterThan(0);
    },
  );
});
