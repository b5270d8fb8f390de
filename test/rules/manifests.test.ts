import { analyse } from '../../src/analysis';
import { compileFleet, SourceSet } from '../../src/compile';
import { diskAccess } from '../../src/files';
import { loadFleet, loadManifests } from '../../src/load';
import { compileFleet as compile } from '../../src/compile';
import { renderOutputs } from '../../src/compile';
import type { Diagnostic, Report } from '../../src/diagnostics';
import { GOOD_DUMP, GOOD_HARDWARE } from '../support/dump';
import { memoryFiles } from '../support/fleet-of';

const check = (
  files: Readonly<Record<string, string>>,
  options: { readonly inventory?: string; readonly kubevirtVersion?: string } = {},
): { readonly report: Report; readonly lineOf: (diagnostic: Diagnostic) => string } => {
  const access = memoryFiles(files);
  const loaded = loadManifests(access, 'dump', options);
  const sources = new SourceSet(loaded.sources, access);
  const { report } = compileFleet({
    fleet: loaded.fleet,
    problems: loaded.problems,
    locate: (place) => sources.locate(place),
  });
  return {
    report,
    lineOf: ({ primary: { at } }) => {
      const source = sources.get(at.file);
      return source === undefined ? '' : source.lineText(source.positionOf(at.start).line).trim();
    },
  };
};

const inWords = ({ code, slug, severity, message }: Diagnostic): string => `${severity} ${code} ${slug}: ${message}`;
const serious = ({ diagnostics }: Report): string[] =>
  diagnostics.filter(({ severity }) => severity !== 'info').map(inWords);

describe('a dump of a cluster in which everything is right', () => {
  it.each([
    ['alone', GOOD_DUMP, {}],
    ['with the hardware', { ...GOOD_DUMP, ...GOOD_HARDWARE }, { inventory: 'inventory' }],
    ['under another release', GOOD_DUMP, { kubevirtVersion: '1.8' }],
  ])('has no finding, %s', (_name, files, options) => {
    expect(serious(check(files, options).report)).toEqual([]);
  });

  it('has none either with any of its files left out', () => {
    for (const left of Object.keys(GOOD_DUMP)) {
      const files = Object.fromEntries(Object.entries(GOOD_DUMP).filter(([path]) => path !== left));
      expect({ left, found: serious(check(files).report) }).toEqual({ left, found: [] });
    }
  });

  it('says once what is not known', () => {
    const { 'dump/cnv/kubevirt.yaml': _kubevirt, ...files } = GOOD_DUMP;
    const { report } = check(files);
    const missing = new Set(report.skipped.map((skip) => skip.missing));

    expect([...missing].sort()).toEqual([
      'no inventory: `--inventory`',
      'no live KubeVirt object',
      'the default architecture of the live KubeVirt object is not known',
      'the release of KubeVirt is not known: `--kubevirt`',
    ]);
  });

  it('is right as hostdev itself writes it', () => {
    const disk = diskAccess();
    const lab = loadFleet(disk, 'examples/lab/fleet.yaml');
    const sources = new SourceSet(lab.sources, disk);
    const { manifests } = compile({ fleet: lab.fleet, problems: [], locate: (place) => sources.locate(place) });
    expect(manifests).toBeDefined();
    const outputs = manifests === undefined ? [] : [...renderOutputs('lab', manifests).files];
    const files = Object.fromEntries(outputs.map(([path, { text }]) => [`dump/${path}`, text]));

    expect(serious(check(files, { kubevirtVersion: '1.6' }).report)).toEqual([]);
  });
});

/** One change of one file, and what it is found to be: the slug and a piece of the line. */
const BROKEN: readonly (readonly [string, string, string | RegExp, string, string, string])[] = [
  [
    'a selector with blanks',
    'cnv/kubevirt.yaml',
    '"8086:6f54"',
    '"8086: 6f54"',
    'pci/malformed-selector',
    '8086: 6f54',
  ],
  [
    'a second name for one card',
    'cnv/kubevirt.yaml',
    '        - pciVendorSelector: "8086:6f54"',
    '        - pciVendorSelector: "8086:6F54"\n          resourceName: intel.com/quickassist\n        - pciVendorSelector: "8086:6f54"',
    'pci/duplicate-selector',
    'pciVendorSelector: "8086:6f54"',
  ],
  [
    'a gate that is missing',
    'cnv/kubevirt.yaml',
    '        - HostDevices\n',
    '',
    'kubevirt/missing-gate',
    'intel.com/qat',
  ],
  ['a gate that is misspelt', 'cnv/kubevirt.yaml', '- Snapshot', '- Snapsot', 'kubevirt/unknown-gate', '- Snapsot'],
  [
    'CPUs without their gate',
    'cnv/kubevirt.yaml',
    '        - CPUManager\n',
    '',
    'vm/missing-gate',
    '"dedicatedCpuPlacement"',
  ],
  [
    'a name that nobody permits',
    'vms.json',
    /nvidia.com\/TU104GL_TESLA_T4/g,
    'nvidia.com/TU104GL_Tesla_T4',
    'vm/unknown-device',
    'Tesla_T4',
  ],
  ['a dot in a device’s name', 'vms.json', /"gpu1"/g, '"gpu.1"', 'vm/invalid-device-name', '"gpu.1"'],
  [
    'a VM that blocks the drain',
    'vms.json',
    /"evictionStrategy": "None"/g,
    '"evictionStrategy": "LiveMigrate"',
    'vm/blocked-drain',
    'LiveMigrate',
  ],
  [
    'a USB resource without selectors',
    'cnv/kubevirt.yaml',
    '\n          selectors: [{ product: "0001", vendor: "46f4" }]',
    '',
    'usb/without-selector',
    'resourceName: kubevirt.io/storage',
  ],
  [
    'a type spelled with blanks',
    'cnv/kubevirt.yaml',
    'mediatedDeviceTypes: [nvidia-222]',
    'mediatedDeviceTypes: [GRID T4-1Q]',
    'mdev/spaced-type-name',
    'GRID T4-1Q',
  ],
  [
    'a taken name',
    'cnv/kubevirt.yaml',
    'resourceName: kubevirt.io/storage',
    'resourceName: devices.kubevirt.io/kvm',
    'resource/taken-name',
    'devices.kubevirt.io/kvm',
  ],
  [
    'a name without a domain',
    'cnv/kubevirt.yaml',
    'resourceName: kubevirt.io/storage',
    'resourceName: storage',
    'resource/invalid-name',
    'resourceName: storage',
  ],
  [
    'the IOMMU turned off',
    'machine-configs.yaml',
    '[intel_iommu=on]\n',
    '[intel_iommu=on, iommu=off]\n',
    'node/iommu-off',
    'iommu=off',
  ],
  [
    'a second list of ids',
    'machine-configs.yaml',
    '[intel_iommu=on]\n',
    '[intel_iommu=on, "vfio-pci.ids=10de:1eb8"]\n',
    'node/lost-id-list',
    'base64',
  ],
  [
    'an unsafe argument',
    'machine-configs.yaml',
    '[intel_iommu=on]\n',
    '[intel_iommu=on, pcie_acs_override=downstream]\n',
    'node/unsafe-argument',
    'pcie_acs_override',
  ],
  ['a resource that no node has', 'nodes.yaml', ', intel.com/qat: "1"', '', 'vm/unadvertised-device', 'intel.com/qat'],
  [
    'a label in a domain of Kubernetes',
    'nfd.yaml',
    'example.com/t4',
    'node-role.kubernetes.io/gpu',
    'node/unmatched-feature-rule',
    'node-role.kubernetes.io/gpu',
  ],
];

describe('a dump with one thing wrong', () => {
  it.each(BROKEN)('%s', (_name, file, wanted, replacement, slug, line) => {
    const path = `dump/${file}`;
    const text = GOOD_DUMP[path] ?? '';
    const broken = text.replace(wanted, replacement);
    expect(broken).not.toBe(text);
    const { report, lineOf } = check({ ...GOOD_DUMP, [path]: broken });
    const found = report.diagnostics.filter(({ severity }) => severity !== 'info');

    expect(found.map((one) => one.slug)).toEqual([slug]);
    expect(found.map(lineOf).join('\n')).toContain(line);
  });

  it('finds in the hardware what an id takes from the host', () => {
    const hardware = {
      'inventory/node01.yaml': (GOOD_HARDWARE['inventory/node01.yaml'] ?? '')
        .replace(
          'iommuGroup: 28, hostUse: []',
          'iommuGroup: 28, driver: nvidia, hostUse: [{ kind: console, reason: the screen }]',
        )
        .replace('driver: vfio-pci, iommuGroup: 28, driver: nvidia', 'driver: nvidia, iommuGroup: 28'),
    };
    const { report } = check({ ...GOOD_DUMP, ...hardware }, { inventory: 'inventory' });

    expect(report.diagnostics.filter(({ severity }) => severity === 'error').map(({ slug }) => slug)).toEqual([
      'pci/host-device-bound',
    ]);
  });
});

describe('a folder that is not what was meant', () => {
  it('is said to hold nothing', () => {
    expect(serious(check({ 'dump/readme.yaml': 'kind: ConfigMap\n' }).report)).toEqual([
      'warning SCH142 fleet/without-objects: nothing in dump says anything about host devices',
    ]);
  });

  it('is said to hold a VM that is none', () => {
    const files = { ...GOOD_DUMP, 'dump/half.yaml': 'kind: VirtualMachine\nspec: {}\n---\nkind: ConfigMap\n' };

    expect(serious(check(files).report)).toEqual(['warning SCH125 fleet/not-an-object: an object has no `apiVersion`']);
  });

  it('is said to hold an object twice, where the two differ', () => {
    const pool = GOOD_DUMP['dump/vm-pool.yaml'] ?? '';

    expect(serious(check({ ...GOOD_DUMP, 'dump/z.yaml': pool }).report)).toEqual([]);
    expect(serious(check({ ...GOOD_DUMP, 'dump/z.yaml': pool.replace('8Gi', '9Gi') }).report)).toEqual([
      'warning SCH126 fleet/duplicate-object: VirtualMachinePool vdi/desktops is there twice, and the two differ',
    ]);
    expect(
      serious(check({ ...GOOD_DUMP, 'dump/z.yaml': pool.replace('vdi', 'vdi-2').replace('8Gi', '9Gi') }).report),
    ).toEqual([]);
  });

  it('is held against the API where people wrote it', () => {
    const pool = (GOOD_DUMP['dump/vm-pool.yaml'] ?? '').replace('memory: { guest', 'memry: { guest');

    expect(serious(check({ ...GOOD_DUMP, 'dump/vm-pool.yaml': pool }).report)).toEqual([]);
    const written = pool.replace(/, uid: [^ ]*/, '');
    expect(serious(check({ ...GOOD_DUMP, 'dump/vm-pool.yaml': written }).report)).toEqual([
      expect.stringContaining('api/unknown-field'),
    ]);
  });
});

describe('the fleet that a dump is read as', () => {
  const { fleet } = loadManifests(memoryFiles(GOOD_DUMP), 'dump');

  it('has what is permitted as devices', () => {
    expect(fleet?.devices.map(({ kind, name, devicePlugin }) => [kind, name, devicePlugin.kind])).toEqual([
      ['pci', 'nvidia.com/TU104GL_TESLA_T4', 'nvidia'],
      ['pci', 'intel.com/qat', 'kubevirt'],
      ['mdev', 'nvidia.com/GRID_T4-1Q', 'kubevirt'],
      ['usb', 'kubevirt.io/storage', 'kubevirt'],
    ]);
  });

  it('has the pools with what they bind by id, and the nodes in them', () => {
    expect(
      fleet?.nodePools.map(({ name, nodes, passthrough }) => [
        name,
        nodes.map((node) => node.name),
        passthrough.map(({ device, binding }) => `${device} ${binding}`),
      ]),
    ).toEqual([
      ['gpu', ['node01'], ['nvidia.com/TU104GL_TESLA_T4 id', 'intel.com/qat id']],
      ['worker', ['node02'], []],
    ]);
  });

  it('has each VM once, as people wrote it', () => {
    expect(fleet?.virtualMachines.map(({ id, kind, foreign }) => [id, kind, foreign?.kind])).toEqual([
      ['training/train-7', 'VirtualMachine', 'VirtualMachine'],
      ['vdi/desktops', 'VirtualMachinePool', 'VirtualMachinePool'],
    ]);
  });

  it('knows the release that virt-operator observed', () => {
    expect(fleet?.cluster.kubevirt).toMatchObject({ version: '1.6.3', namespace: 'openshift-cnv' });
    expect(fleet?.origin).toBe('manifests');
  });

  it('can be analysed', () => {
    expect(fleet === undefined ? undefined : analyse(fleet).machines).toHaveLength(2);
  });
});
