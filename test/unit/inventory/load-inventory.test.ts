import { loadInventory } from '../../../src/inventory';
import { SourceFile } from '../../../src/source';
import { knownFacts, only, summaries, textAt } from './reading';

const HEAD = 'apiVersion: hostdev/v1alpha1\nkind: NodeInventory\nmetadata: { name: node03 }\n';

function load(text: string): ReturnType<typeof loadInventory> & { source: SourceFile; lines: string[] } {
  const source = new SourceFile('inventory/node03.yaml', text);
  const loaded = loadInventory(source);
  return { ...loaded, source, lines: summaries(source, loaded.problems) };
}

function loadFunction(entry: string): ReturnType<typeof load> {
  return load(`${HEAD}spec:\n  functions:\n    - { address: "0000:5e:00.0", ${entry} }\n`);
}

describe('an inventory document', () => {
  it('gives everything that it says, and nothing else', () => {
    const { inventory, problems } = load(`${HEAD}spec:
  productUuid: 4C4C4544-0036-4A10-8052-B7C04F4E5133
  hostName: node03.lab.example
  cpuVendor: intel
  architecture: amd64
  kernelRelease: 5.14.0-570.el9
  functions:
    - { address: "0000:60:00.0", class: "0108" }
    - { address: "0000:5E:00.0", class: "010802", id: "8086:5845", subsystem: "1AF4:1100", revision: "02", name: NVMe,
        serial: S1, driver: nvme, iommuGroup: 15, numaNode: -1, totalVfs: 8, numVfs: 0, bootVga: false,
        physicalFunction: "0000:5d:00.0", hostUse: [{ kind: root-disk, reason: / on /dev/nvme0n1p4 }] }
`);

    expect(problems).toEqual([]);
    expect(inventory).toMatchObject({
      node: 'node03',
      productUuid: '4c4c4544-0036-4a10-8052-b7c04f4e5133',
      hostName: 'node03.lab.example',
      cpuVendor: 'intel',
      architecture: 'amd64',
      kernelRelease: '5.14.0-570.el9',
    });
    expect(inventory?.functions.map(({ address }) => address)).toEqual(['0000:5e:00.0', '0000:60:00.0']);
    expect(inventory?.functions.map(knownFacts)).toEqual([
      {
        class: '010802',
        id: '8086:5845',
        subsystem: '1af4:1100',
        revision: '02',
        name: 'NVMe',
        serial: 'S1',
        driver: 'nvme',
        iommuGroup: 15,
        numaNode: -1,
        totalVfs: 8,
        numVfs: 0,
        bootVga: false,
        physicalFunction: '0000:5d:00.0',
        hostUse: [{ kind: 'root-disk', reason: '/ on /dev/nvme0n1p4', place: expect.anything() as unknown }],
      },
      { class: '0108' },
    ]);
  });

  it('tells known to be none from unknown', () => {
    const { inventory, problems } = loadFunction('driver: none, iommuGroup: none, hostUse: []');

    expect(problems).toEqual([]);
    expect(knownFacts(only(inventory?.functions))).toEqual({ driver: null, iommuGroup: null, hostUse: [] });
  });

  it('places each function at its own line', () => {
    const { source, inventory } = load(
      `${HEAD}spec:\n  functions:\n    - { address: "0000:60:00.0" }\n    - { address: "0000:5e:00.0", hostUse: [{ kind: boot, reason: EFI }] }\n`,
    );
    const [first, second] = inventory?.functions ?? [];

    expect([first, second].map((fact) => fact && textAt(source, fact.place).slice(0, 27))).toEqual([
      '{ address: "0000:5e:00.0", ',
      '{ address: "0000:60:00.0" }',
    ]);
    expect(textAt(source, only(first?.hostUse).place)).toBe('{ kind: boot, reason: EFI }');
  });

  it('may hold no functions', () => {
    expect(load(`${HEAD}spec: { functions: [] }\n`)).toMatchObject({ inventory: { functions: [] }, problems: [] });
  });
});

describe('a document that is refused', () => {
  it.each([
    ['', 'error yaml/empty-document: the file has no content @ <file>'],
    ['- 1\n', 'error inventory/not-an-inventory: the document has no `kind: NodeInventory` @ - 1'],
    ['apiVersion: v1\nkind: Pod\n', 'error inventory/not-an-inventory: `kind` is Pod, not NodeInventory @ Pod'],
    [
      'apiVersion: hostdev/v2\nkind: NodeInventory\n',
      'error inventory/not-an-inventory: `apiVersion` is hostdev/v2, not hostdev/v1alpha1 @ hostdev/v2',
    ],
    [`${HEAD}spec: { functions: [ }\n`, expect.stringMatching(/^error yaml\//)],
    [
      'apiVersion: hostdev/v1alpha1\nkind: NodeInventory\nmetadata: {}\nspec: { functions: [] }\n',
      'error inventory/missing-key: `name` is missing @ metadata',
    ],
    [
      'apiVersion: hostdev/v1alpha1\nkind: NodeInventory\nmetadata: { name: ../node }\nspec: { functions: [] }\n',
      'error inventory/invalid-value: `name` ../node is not valid @ ../node',
    ],
  ])('gives no inventory: %j', (text, line) => {
    const { inventory, lines } = load(text);

    expect(inventory).toBeUndefined();
    expect(lines).toEqual([line]);
  });

  it('holds one document only', () => {
    const { inventory, lines } = load(`${HEAD}spec: { functions: [] }\n---\n${HEAD}`);

    expect(inventory).toBeUndefined();
    expect(lines).toEqual([expect.stringMatching(/^error yaml\/several-documents/)]);
  });
});

describe('a fault in a document', () => {
  it.each([
    ['', 'error inventory/missing-key: `spec` is missing @ apiVersion: hostdev/v1alpha1'],
    ['Spec: {}\n', 'error inventory/unknown-key: `Spec` is not a key of an inventory here @ Spec'],
    ['spec: {}\n', 'error inventory/missing-key: `functions` is missing @ spec'],
    ['spec: { functions: {} }\n', 'error inventory/wrong-type: `functions` is a map, not a list @ {}'],
    [
      'spec: { functions: [], cpuVendor: Intel }\n',
      'error inventory/invalid-value: `cpuVendor` Intel is not valid @ Intel',
    ],
    [
      'spec: { functions: [], productUuid: 4c4c4544 }\n',
      'error inventory/invalid-value: `productUuid` 4c4c4544 is not valid @ 4c4c4544',
    ],
    ['spec: { functions: [], hostName: }\n', 'error inventory/wrong-type: `hostName` is empty, not a text @ hostName'],
    ['spec: { functions: [ x ] }\n', 'error inventory/wrong-type: an entry is a text, not a map @ x'],
    ['spec: { functions: [ {} ] }\n', expect.stringMatching(/^error inventory\/missing-key: `address` is missing/)],
  ])('is reported at its place: %j', (spec, line) => {
    expect(load(HEAD + spec).lines).toEqual([line]);
  });

  it.each([
    ['address: x', 'error yaml/duplicate-key'],
    ['id: 8086-5845', 'error inventory/invalid-value: `id` 8086-5845 is not valid @ 8086-5845'],
    ['class: "01"', 'error inventory/invalid-value: `class` 01 is not valid @ "01"'],
    ['revision: zz', 'error inventory/invalid-value: `revision` zz is not valid @ zz'],
    [
      'physicalFunction: "5d:00.0"',
      'error inventory/invalid-value: `physicalFunction` 5d:00.0 is not valid @ "5d:00.0"',
    ],
    ['iommuGroup: "15"', 'error inventory/wrong-type: `iommuGroup` is a text, not an integer @ "15"'],
    ['iommuGroup: -1', 'error inventory/invalid-value: `iommuGroup` -1 is not valid @ -1'],
    ['numaNode: 0.5', 'error inventory/wrong-type: `numaNode` is a number, not an integer @ 0.5'],
    ['numVfs: 70000', 'error inventory/invalid-value: `numVfs` 70000 is not valid @ 70000'],
    ['bootVga: yes', 'error inventory/wrong-type: `bootVga` is a text, not `true` or `false` @ yes'],
    ['hostUse: root-disk', 'error inventory/wrong-type: `hostUse` is a text, not a list @ root-disk'],
    [
      'hostUse: [{ kind: root-disc, reason: / }]',
      'error inventory/invalid-value: `kind` root-disc is not valid @ root-disc',
    ],
    ['hostUse: [{ kind: boot }]', 'error inventory/missing-key: `reason` is missing @ '],
    ['driverr: nvme', 'error inventory/unknown-key: `driverr` is not a key of an inventory here @ driverr'],
    ['__proto__: nvme', 'error inventory/unknown-key: `__proto__` is not a key of an inventory here @ __proto__'],
  ])('of a function is reported at its place: %s', (entry, line) => {
    const { lines } = loadFunction(entry);

    expect(lines).toHaveLength(1);
    expect(lines[0]?.startsWith(line)).toBe(true);
  });

  it('that reads a code as a number is reported with what was typed, and a safe fix', () => {
    const { source, inventory, problems, lines } = loadFunction('class: 0302, revision: 1e1, name: 10');

    expect(lines).toEqual([
      'error inventory/unquoted-digits: `class` is read as the number 302, not as the text 0302 @ 0302',
      'error inventory/wrong-type: `revision` is a number, not a revision @ 1e1',
      'error inventory/unquoted-digits: `name` is read as the number 10, not as the text 10 @ 10',
    ]);
    const edits = problems.flatMap(({ fixes }) => fixes.filter(({ safe }) => safe).flatMap((fix) => fix.edits));
    expect(edits.map(({ at, text }) => [textAt(source, at), text])).toEqual([
      ['0302', '"0302"'],
      ['10', '"10"'],
    ]);
    expect(knownFacts(only(inventory?.functions))).toEqual({});
  });

  it('offers the nearest key and the nearest value, never as safe', () => {
    const { problems } = loadFunction('hostuse: [], hostUse: [{ kind: root-disc, reason: / }]');

    expect(problems.flatMap(({ fixes }) => fixes)).toMatchObject([
      { safe: false, edits: [{ text: 'hostUse' }] },
      { safe: false, edits: [{ text: 'root-disk' }] },
    ]);
  });

  it('in a host use never makes a device look unused', () => {
    const { inventory } = loadFunction('hostUse: [root-disk, { kind: root-disc, reason: / }]');

    expect(inventory?.functions[0]?.hostUse).toMatchObject([{ kind: 'other' }, { kind: 'other', reason: '/' }]);
  });

  it('in an address keeps the function where its meaning is clear', () => {
    const { inventory, lines } = load(`${HEAD}spec: { functions: [{ address: "5e:00.0" }, { address: nonsense }] }\n`);

    expect(inventory?.functions.map(({ address }) => address)).toEqual(['0000:5e:00.0']);
    expect(lines).toHaveLength(2);
  });

  it('that repeats an address shows both entries and keeps the first', () => {
    const { source, inventory, problems } = load(
      `${HEAD}spec:\n  functions:\n    - { address: "0000:5e:00.0", driver: a }\n    - { address: "0000:5E:00.0", driver: b }\n`,
    );

    expect(inventory?.functions.map(({ driver }) => driver)).toEqual(['a']);
    expect(problems).toMatchObject([{ slug: 'inventory/duplicate-function', message: '0000:5e:00.0 has two entries' }]);
    const { primary, secondary } = only(problems);
    expect(textAt(source, primary.at)).toBe('"0000:5E:00.0"');
    expect(textAt(source, only(secondary).at)).toBe('"0000:5e:00.0"');
  });

  it('does not hide the other faults', () => {
    const { lines } = load(`${HEAD}spec: { cpuvendor: intel, functions: [{ address: x, class: 1, id: 2 }] }\n`);

    expect(lines).toHaveLength(4);
  });
});

describe('what a capture adds to an inventory document', () => {
  it('is read as it was written', () => {
    const { inventory, problems } = load(`${HEAD}spec:
  kernelArguments: [intel_iommu=on, "console=ttyS0,115200n8"]
  iommuEnabled: true
  vfioPciBuiltIn: false
  vfioDeviceCdev: true
  numaNodes:
    - { node: 1, cpus: "16-31,48-63", memoryMebibytes: 64383, hugepages: [{ size: 1Gi, count: 16 }] }
    - { node: 2 }
  functions:
    - { address: "0000:65:00.0", driver: nvidia, driverVersion: "570.1", reservedRegions: [{ type: direct, start: "0x7B800000",
        end: "0x7bffffff" }], bridges: ["0000:64:00.0"], resetMethods: [flr, bus], vgpuTypes: [],
        mdevTypes: [{ id: nvidia-222, name: GRID T4-1B, instances: 16 }, { id: i915-GVTg_V5_4 }],
        hostUse: [{ kind: boot, reason: EFI, observed: true }, { kind: other, reason: mine, observed: false }] }
  usbDevices:
    - { port: "1-2.4", vendor: "46F4", product: "0001", serial: "1", name: QEMU, controller: "0000:00:14.0" }
`);

    expect(problems).toEqual([]);
    expect(inventory).toMatchObject({
      kernelArguments: ['intel_iommu=on', 'console=ttyS0,115200n8'],
      iommuEnabled: true,
      vfioPciBuiltIn: false,
      vfioDeviceCdev: true,
      numaNodes: [
        { node: 1, cpus: '16-31,48-63', memoryMebibytes: 64383, hugepages: [{ size: '1Gi', count: 16 }] },
        { node: 2, cpus: undefined, memoryMebibytes: undefined, hugepages: undefined },
      ],
      usbDevices: [
        { port: '1-2.4', vendor: '46f4', product: '0001', serial: '1', name: 'QEMU', controller: '0000:00:14.0' },
      ],
    });
    expect(inventory?.functions[0]).toMatchObject({
      driverVersion: '570.1',
      reservedRegions: [{ type: 'direct', start: '0x7b800000', end: '0x7bffffff' }],
      bridges: ['0000:64:00.0'],
      resetMethods: ['flr', 'bus'],
      mdevTypes: [
        { id: 'nvidia-222', name: 'GRID T4-1B', instances: 16 },
        { id: 'i915-GVTg_V5_4', name: undefined, instances: undefined },
      ],
      vgpuTypes: [],
      hostUse: [
        { kind: 'boot', observed: true },
        { kind: 'other', reason: 'mine' },
      ],
    });
    expect(inventory?.functions[0]?.hostUse?.[1]?.observed).toBeUndefined();
  });

  it.each([
    ['numaNodes: [{ node: -1 }]', 'error inventory/invalid-value: `node` -1 is not valid @ -1'],
    ['numaNodes: [{ cpus: "0" }]', 'error inventory/missing-key: `node` is missing @ { cpus: "0" }'],
    ['numaNodes: [{ node: 0, cpus: 0-x }]', 'error inventory/invalid-value: `cpus` 0-x is not valid @ 0-x'],
    ['numaNodes: [7]', 'error inventory/wrong-type: an entry is a number, not a map @ 7'],
    ['kernelArguments: quiet', 'error inventory/wrong-type: `kernelArguments` is a text, not a list @ quiet'],
    ['kernelArguments: [quiet, [1]]', 'error inventory/wrong-type: `kernelArguments` is a list, not a text @ [1]'],
    ['usbDevices: [{ port: usb1 }]', 'error inventory/invalid-value: `port` usb1 is not valid @ usb1'],
    [
      'usbDevices: [{ port: 1-2, product: 0010 }]',
      'error inventory/unquoted-digits: `product` is read as the number 10, not as the text 0010 @ 0010',
    ],
    [
      'usbDevices: [{ port: 1-2, speed: 480 }]',
      'error inventory/unknown-key: `speed` is not a key of an inventory here @ speed',
    ],
    ['iommuEnabled: yes', 'error inventory/wrong-type: `iommuEnabled` is a text, not `true` or `false` @ yes'],
  ])('is refused where it cannot be used: %s', (text, line) => {
    expect(load(`${HEAD}spec:\n  ${text}\n  functions: []\n`).lines).toContain(line);
  });

  it.each([
    ['reservedRegions: [{ type: direct, start: "7b", end: "0x1" }]', '`start` 7b is not valid'],
    ['bridges: ["64:00.0"]', '`bridges` 64:00.0 is not valid'],
    ['mdevTypes: [{ name: GRID T4-1B }]', '`id` is missing'],
    ['vgpuTypes: [{ id: "1", instances: -1 }]', '`instances` -1 is not valid'],
    ['hostUse: [{ kind: boot, reason: EFI, observed: maybe }]', '`observed` is a text, not `true` or `false`'],
  ])('is refused in a function where it cannot be used: %s', (text, message) => {
    expect(loadFunction(text).problems.map((problem) => problem.message)).toContain(message);
  });
});
