import type { Severity } from '../../../src/diagnostics';
import { LOAD_PROBLEMS } from '../../../src/load';
import { messageLawViolations } from '../../support/message-law';
import { findingsText, fleetText, includedText, load } from './support';

interface Case {
  readonly name: string;
  readonly text: string;
  readonly files?: Readonly<Record<string, string>>;
}

const MACHINE = 'virtualMachines: { a: { spec: { domain: {} } } }';
const NODE = (name: string): string =>
  `apiVersion: hostdev/v1alpha1\nkind: NodeInventory\nmetadata: { name: ${name} }\nspec: { functions: [] }\n`;
const KUBEVIRT = 'apiVersion: kubevirt.io/v1\nkind: KubeVirt\nmetadata: { name: kubevirt, namespace: kubevirt }\n';
const INSTANCE =
  'apiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nmetadata: { name: a }\nspec: { domain: { devices: {} } }\n';

/** Every finding that loading makes, by slug: what was written, and what is said about it. */
const CASES: Readonly<Record<string, readonly Case[]>> = {
  'not-a-fleet': [
    { name: 'another kind', text: 'apiVersion: hostdev/v1alpha1\nkind: NodeInventory\nspec: {}\n' },
    { name: 'another version', text: 'apiVersion: hostdev/v2\nkind: Fleet\nspec: {}\n' },
    { name: 'a kind that is no text', text: 'apiVersion: hostdev/v1alpha1\nkind: [Fleet]\nspec: {}\n' },
    { name: 'a list', text: '- a\n- b\n' },
    { name: 'neither version nor kind', text: 'devices: {}\nnodePools: {}\n' },
    { name: 'an included file of another kind', text: fleetText('include: [a.yaml]'), files: { 'a.yaml': KUBEVIRT } },
  ],
  'unknown-key': [
    { name: 'a misspelt section', text: fleetText('nodepools: {}') },
    { name: 'a key without a similar one', text: fleetText('devices: { a: { pci: ["1:2"], colour: red } }') },
    { name: 'a small map says what it takes', text: fleetText('nodePools: { a: { nodes: [n1], iommu: { x: 1 } } }') },
    { name: 'a key of another place', text: fleetText('virtualMachines: { a: { spec: {}, labels: { b: c } } }') },
    { name: 'a misspelt key that is missing', text: fleetText('nodePools: { a: { node: [n1] } }') },
    {
      name: 'the name of KubeVirt’s own field',
      text: fleetText('virtualMachines: { a: { spec: {}, gpus: [{ name: g, deviceName: nvidia.com/t4 }] } }'),
    },
    { name: 'a key that looks like a prototype', text: fleetText('devices: { a: { pci: ["1:2"], __proto__: 1 } }') },
  ],
  'missing-key': [
    { name: 'of the document', text: 'apiVersion: hostdev/v1alpha1\nkind: Fleet\nmetadata: { name: lab }\n' },
    { name: 'of the cluster', text: fleetText('').replace('kubevirt: { version: "1.6" }', 'kubevirt: {}') },
    { name: 'of a pool', text: fleetText('nodePools: { a: { cpuVendor: intel } }') },
    { name: 'of a list item', text: fleetText('nodePools: { a: { nodes: [n1], passthrough: [{ binding: id }] } }') },
    { name: 'what a device is', text: fleetText('devices: { a: { resourceName: a.b/c } }') },
    { name: 'the spec of a VM', text: fleetText('virtualMachines: { a: { namespace: b } }') },
  ],
  'wrong-type': [
    { name: 'text where a list goes', text: fleetText('nodePools: { a: { nodes: node01 } }') },
    { name: 'a list where a map goes', text: fleetText('devices: [a]') },
    { name: 'a map where text goes', text: fleetText('inventory: { folder: a }') },
    { name: 'a legacy boolean', text: fleetText('devices: { a: { pci: ["1:2"], externalResourceProvider: Yes } }') },
    { name: 'no value', text: fleetText('nodePools: { a: { nodes: } }') },
    { name: 'no value where a word goes', text: fleetText('devices: { a: { pci: ["1:2"], devicePlugin: } }') },
    { name: 'a fraction', text: fleetText('nodePools: { a: { nodes: [n1], maxUnavailable: 1.5 } }') },
  ],
  'unquoted-text': [
    {
      name: 'USB ids',
      text: fleetText(
        'devices: { a: { usb: { selectors: [{ vendor: 1e10, product: 0010 }, { vendor: 0x46, product: 8086 }] } } }',
      ),
    },
    { name: 'leading zeros that are no octal', text: fleetText('virtualMachines: { a: { node: 089, spec: {} } }') },
    { name: 'a version', text: fleetText('').replace('"1.6"', '1.6') },
    {
      name: 'a version that ends in zero',
      text: fleetText('').replace('openshift,', 'openshift, nodePlatformVersion: 4.20,'),
    },
    { name: 'a label', text: fleetText('nodePools: { a: { nodes: [n1], nodeSelector: { gpu: true } } }') },
    { name: 'a PCI id', text: fleetText('devices: { a: { pci: [80865845] } }') },
  ],
  'value-not-allowed': [
    { name: 'a near miss', text: fleetText('nodePools: { a: { nodes: [n1], cpuVendor: Intel } }') },
    {
      name: 'more values than a label holds',
      text: fleetText('nodePools: { a: { nodes: [n1], mediatedDevices: [{ device: d, createdBy: me }] } }'),
    },
    { name: 'a number', text: fleetText('nodePools: { a: { nodes: [n1], cpuVendor: 1 } }') },
  ],
  'not-supported': [
    { name: 'a platform', text: fleetText('').replace('openshift', 'harvester') },
    { name: 'a version of OpenShift Virtualization', text: fleetText('').replace('"1.6"', '"4.17"') },
  ],
  'malformed-value': [
    { name: 'a name in upper case', text: fleetText('').replace('name: lab', 'name: Lab') },
    { name: 'a key', text: fleetText('nodePools: { GPU_a: { nodes: [n1] } }') },
    {
      name: 'blank text',
      text: fleetText('nodePools: { a: { nodes: [n1], hostUse: [{ addresses: [b], reason: " " }] } }'),
    },
    { name: 'an empty list', text: fleetText('devices: { a: { pci: [] } }') },
    {
      name: 'too small a number',
      text: fleetText('nodePools: { a: { nodes: [n1], mediatedDevices: [{ device: d, count: 0 }] } }'),
    },
    {
      name: 'a path with a part of no name',
      text: fleetText(
        'devicePlugins: { a: { image: "r.example/a:1", hostPaths: [{ path: /a, mountPath: /dev//vfio }] } }',
      ),
    },
    { name: 'a percentage', text: fleetText('nodePools: { a: { nodes: [n1], maxUnavailable: 110% } }') },
    { name: 'a version with a letter', text: fleetText('').replace('"1.6"', 'v1.6.3') },
    { name: 'a release that is not supported', text: fleetText('').replace('"1.6"', '"1.3"') },
    { name: 'too long a name', text: fleetText(`virtualMachines: { ${'a'.repeat(230)}: { spec: {} } }`) },
  ],
  'duplicate-item': [{ name: 'a node', text: fleetText('nodePools: { a: { nodes: [node01, node02, node01] } }') }],
  'conflicting-keys': [
    { name: 'two kinds of device', text: fleetText('devices: { a: { pci: ["1:2"], mdev: { name: b } } }') },
    { name: 'a spec and a file', text: fleetText('virtualMachines: { a: { spec: {}, manifest: a.yaml } }') },
  ],
  'misplaced-key': [
    {
      name: 'a cluster in an included file',
      text: fleetText('include: [a.yaml]'),
      files: { 'a.yaml': fleetText('inventory: b') },
    },
    {
      name: 'a VirtualMachine’s field on an instance',
      text: fleetText('virtualMachines: { a: { kind: VirtualMachineInstance, runStrategy: Always, spec: {} } }'),
    },
    {
      name: 'a number of VMs on one VM',
      text: fleetText('virtualMachines: { a: { replicas: 2, spec: {} } }'),
    },
    {
      name: 'a number of VMs, and a manifest that is one',
      text: fleetText('virtualMachines: { a: { replicas: 2, manifest: a.yaml } }'),
      files: { 'a.yaml': INSTANCE },
    },
    {
      name: 'a template’s metadata on an instance',
      text: fleetText(
        'virtualMachines: { a: { kind: VirtualMachineInstance, templateMetadata: { labels: { a: b } }, spec: {} } }',
      ),
    },
    {
      name: 'a VirtualMachine’s field, and a manifest that is an instance',
      text: fleetText('virtualMachines: { a: { runStrategy: Always, manifest: a.yaml } }'),
      files: { 'a.yaml': INSTANCE },
    },
  ],
  'duplicate-vm-name': [
    {
      name: 'a VM and an instance',
      text: fleetText(`
virtualMachines:
  a: { spec: { domain: {} } }
  b: { kind: VirtualMachineInstance, name: a, spec: { domain: {} } }
  p: { kind: VirtualMachinePool, name: a, spec: { domain: {} } }
  c: { name: a, namespace: other, spec: { domain: {} } }
`),
    },
  ],
  'include-clash': [
    {
      name: 'a device and a pool',
      text: fleetText('include: [b.yaml, a.yaml]\ndevices: { t4: { pci: ["10de:1eb8"] } }'),
      files: {
        'a.yaml': includedText('devices: { t4: { pci: ["10de:1eb8"] } }\nnodePools: { p: { nodes: [n1] } }'),
        'b.yaml': includedText('nodePools: { p: { nodes: [n2] } }'),
      },
    },
    {
      name: 'settings of one plugin',
      text: fleetText('include: [a.yaml]\ndevicePlugins: { nvidia: {} }'),
      files: { 'a.yaml': includedText('devicePlugins: { nvidia: {} }') },
    },
  ],
  'include-cycle': [
    { name: 'a file that includes itself', text: fleetText('include: [./fleet.yaml]') },
    {
      name: 'two files that include each other',
      text: fleetText('include: [a/a.yaml]'),
      files: { 'a/a.yaml': includedText('include: [b.yaml]'), 'a/b.yaml': includedText('include: [a.yaml]') },
    },
  ],
  'missing-file': [
    {
      name: 'everything that a fleet names',
      text: fleetText(
        'include: [../common/devices.yaml]\ninventory: inventory/\nvirtualMachines: { a: { manifest: vms/a.yaml } }',
      ).replace('openshift,', 'openshift, current: cluster,'),
    },
  ],
  'duplicate-inventory': [
    {
      name: 'a copied file',
      text: fleetText('inventory: inventory'),
      files: { 'inventory/node01.yaml': NODE('node01'), 'inventory/node02.yaml': NODE('node01') },
    },
  ],
  'misnamed-inventory': [
    {
      name: 'a renamed file',
      text: fleetText('inventory: ./inventory/'),
      files: { 'inventory/node02.yml': NODE('node01') },
    },
  ],
  'unreadable-schematic': [
    {
      name: 'arguments that are no list',
      text: fleetText('nodePools: { a: { nodes: [n1], talosSchematic: s.yaml } }'),
      files: { 's.yaml': 'customization: { extraKernelArgs: quiet }\n' },
    },
  ],
  'not-an-object': [
    {
      name: 'live objects',
      text: fleetText('').replace('openshift,', 'openshift, current: cluster,'),
      files: {
        'cluster/a.yaml':
          'kind: KubeVirt\nmetadata: { name: a }\n---\napiVersion: v1\nmetadata: { name: a }\n---\n- 1\n',
        'cluster/b.yaml': 'apiVersion: v1\nkind: List\nitems: [{ apiVersion: v1, kind: Node, metadata: {} }, text]\n',
        'cluster/README.md': 'not read',
      },
    },
  ],
  'duplicate-object': [
    {
      name: 'two dumps',
      text: fleetText('').replace('openshift,', 'openshift, current: cluster,'),
      files: {
        'cluster/a.yaml': KUBEVIRT,
        'cluster/b.json':
          '{"apiVersion":"kubevirt.io/v1alpha3","kind":"KubeVirt","metadata":{"name":"kubevirt","namespace":"kubevirt"}}',
      },
    },
  ],
  'unread-template': [
    {
      name: 'a chart among the manifests',
      text: fleetText('manifests: ["tenants/*.yaml"]'),
      files: {
        'tenants/vm.yaml': 'apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: {{ .Values.metadata }}\n',
      },
    },
  ],
  'unmatched-pattern': [{ name: 'a folder that is not there', text: fleetText('manifests: ["../tenants/**/*.yaml"]') }],
  'mismatched-manifest': [
    {
      name: 'two objects in a manifest',
      text: fleetText('virtualMachines: { a: { manifest: a.yaml } }'),
      files: { 'a.yaml': `${INSTANCE}---\n${INSTANCE}` },
    },
    {
      name: 'an object of another kind',
      text: fleetText('virtualMachines: { a: { manifest: a.yaml } }'),
      files: { 'a.yaml': KUBEVIRT },
    },
    {
      name: 'the other kind of VM',
      text: fleetText('virtualMachines: { a: { kind: VirtualMachine, manifest: a.yaml } }'),
      files: { 'a.yaml': INSTANCE },
    },
    {
      name: 'an object of another name',
      text: fleetText('virtualMachines: { b: { manifest: a.yaml } }'),
      files: { 'a.yaml': INSTANCE },
    },
    {
      name: 'an object without a spec',
      text: fleetText('virtualMachines: { a: { manifest: a.yaml } }'),
      files: { 'a.yaml': 'apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: { name: a }\nspec: {}\n' },
    },
    {
      name: 'a file without an object',
      text: fleetText('virtualMachines: { a: { manifest: a.yaml } }'),
      files: { 'a.yaml': '# soon\n' },
    },
  ],
  'read-as-yaml': [
    {
      name: 'an address without quotes',
      text: fleetText('nodePools: { a: { nodes: [n1], passthrough: [{ device: d, addresses: [0000:10:00.0] }] } }'),
    },
    { name: 'a word that was a boolean', text: fleetText(`${MACHINE}\ndevices: { no: { pci: ["1:2"] } }`) },
    {
      name: 'an old octal inside a spec',
      text: fleetText('virtualMachines: { a: { spec: { domain: { x: 0o17 } } } }'),
    },
    { name: 'a file without content', text: '# nothing yet\n' },
    { name: 'two documents', text: `${fleetText('devicez: {}')}---\n${fleetText('')}` },
    { name: 'a text that is no YAML', text: 'spec: [\n' },
  ],
};

describe('what loading a fleet finds', () => {
  const casesBySlug = Object.entries(CASES);

  it.each(casesBySlug)('%s', (slug, cases) => {
    const page = cases.map(({ name, text, files }) => {
      const loaded = load(text, files);
      const texts = [text, ...Object.entries(files ?? {}).map(([path, content]) => `-- ${path} --\n${content}`)];
      return `## ${name}\n\n${texts.join('')}\n${findingsText(loaded)}`;
    });
    expect(page.join('\n')).toMatchGolden(`load/${slug}.txt`);
  });

  it.each(casesBySlug.filter(([slug]) => slug !== 'read-as-yaml'))(
    '%s is found in each of its cases',
    (slug, cases) => {
      for (const { text, files } of cases) {
        expect(load(text, files).problems.map((problem) => problem.slug)).toContain(`fleet/${slug}`);
      }
    },
  );

  it('has a case for every problem', () => {
    const slugs = LOAD_PROBLEMS.map(({ slug }) => slug.replace('fleet/', ''));
    // a folder that no fleet wrote has a test of its own: test/rules/manifests.test.ts
    expect(slugs.filter((slug) => !(slug in CASES))).toEqual(['without-objects']);
  });

  it('gives every problem a code, a slug and a page of its own', () => {
    expect(new Set(LOAD_PROBLEMS.map(({ code }) => code)).size).toBe(LOAD_PROBLEMS.length);
    expect(new Set(LOAD_PROBLEMS.map(({ slug }) => slug)).size).toBe(LOAD_PROBLEMS.length);
    for (const { code, slug, summary, why, sources } of LOAD_PROBLEMS) {
      expect(code).toMatch(/^SCH1\d\d$/);
      expect(slug).toMatch(/^fleet\/[a-z]+(-[a-z]+)*$/);
      expect(summary).toMatch(/^[a-z].*[^.]$/);
      expect(why.trim()).not.toBe('');
      expect(sources).not.toEqual([]);
    }
  });

  it('says nothing of a fleet that is right', () => {
    const { fleet, problems } = load(fleetText(MACHINE));

    expect(problems).toEqual([]);
    expect(fleet?.virtualMachines).toHaveLength(1);
  });

  it('keeps to the law of the text', () => {
    const all = casesBySlug.flatMap(([, cases]) => cases.flatMap(({ text, files }) => load(text, files).problems));
    const own = all.filter(({ code }) => code.startsWith('SCH'));

    expect(own.length).toBeGreaterThan(60);
    expect(own.flatMap(messageLawViolations)).toEqual([]);
  });

  it('has a model of all that can be read, beside the errors', () => {
    const loaded = load(
      fleetText(`
devices: { broken: { pci: [] }, t4: { pci: ["10de:1eb8", 12] } }
nodePools:
  a: { nodes: [n1, 5], passthrough: [{ device: t4 }, { device: broken }], usb: [broken] }
  b: [n2]
virtualMachines:
  one: { spec: {}, gpus: [{ name: g, device: broken }, { name: h, device: t4 }] }
  two: { spec: {}, pool: b }
  three: {}
`),
    );

    expect(hasError(loaded.problems)).toBe(true);
    expect(loaded.fleet?.devices.map(({ name }) => name)).toEqual(['t4']);
    expect(
      loaded.fleet?.nodePools.map(({ name, nodes, passthrough, usb }) => [
        name,
        nodes.length,
        passthrough.length,
        usb.length,
      ]),
    ).toEqual([['a', 1, 1, 0]]);
    expect(loaded.fleet?.virtualMachines.map(({ id, gpus }) => [id, gpus.map(({ name }) => name)])).toEqual([
      ['one', ['h']],
    ]);
  });
});

function hasError(problems: readonly { readonly severity: Severity }[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}
