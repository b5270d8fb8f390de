import { loadHardware, loadInventory, type LoadedInventory } from '../../../src/inventory';
import { factPlace, type NodeHardware } from '../../../src/model';
import { SourceFile } from '../../../src/source';
import { only, summaries, textAt } from './reading';

const HARDWARE = `apiVersion: hostdev/v1alpha1
kind: NodeHardware
metadata: { name: r750 }
spec:
  cpuVendor: intel
  kernelRelease: 5.14.0
  functions:
    - { address: "0000:5e:00.0", class: "010802", id: "8086:5845", driver: nvme, iommuGroup: 15 }
    - { address: "0000:65:00.0", class: "030200", id: "10de:1eb8", driver: nvidia, iommuGroup: 27 }
`;

function hardwareOf(text: string): { hardware: NodeHardware | undefined; lines: string[] } {
  const source = new SourceFile('inventory/hardware/r750.yaml', text);
  const { hardware, problems } = loadHardware(source);
  return { hardware, lines: summaries(source, problems) };
}

function nodeOf(spec: string, named = true): LoadedInventory & { source: SourceFile; lines: string[] } {
  const source = new SourceFile(
    'inventory/node01.yaml',
    `apiVersion: hostdev/v1alpha1\nkind: NodeInventory\nmetadata: { name: node01 }\nspec:\n${named ? '  hardware: r750\n' : ''}${spec}`,
  );
  const { hardware } = hardwareOf(HARDWARE);
  const loaded = loadInventory(source, (name) => (name === 'r750' ? hardware : undefined));
  return { ...loaded, source, lines: summaries(source, loaded.problems) };
}

describe('a node that shares its hardware', () => {
  it('has what the hardware has, and what its file states', () => {
    const { inventory, lines } = nodeOf(
      '  productUuid: 4c4c4544-0036-4a10-8052-b7c04f4e5133\n  unknown: [kernelRelease]\n  functions:\n' +
        '    - { address: "0000:5e:00.0", serial: S1, hostUse: [] }\n' +
        '    - { address: "0000:65:00.0", driver: none, unknown: [iommuGroup] }\n' +
        '    - { address: "0000:af:00.0", id: "8086:1592", added: true }\n',
    );

    expect(lines).toEqual([]);
    expect(inventory).toMatchObject({
      productUuid: '4c4c4544-0036-4a10-8052-b7c04f4e5133',
      cpuVendor: 'intel',
      kernelRelease: undefined,
    });
    expect(inventory?.functions).toMatchObject([
      { address: '0000:5e:00.0', id: '8086:5845', driver: 'nvme', iommuGroup: 15, serial: 'S1', hostUse: [] },
      { address: '0000:65:00.0', id: '10de:1eb8', driver: null, iommuGroup: undefined },
      { address: '0000:af:00.0', id: '8086:1592' },
    ]);
  });

  it('lacks what it says is removed', () => {
    const { inventory } = nodeOf('  functions: [{ address: "0000:5e:00.0", removed: true }]\n');

    expect(inventory?.functions.map(({ address }) => address)).toEqual(['0000:65:00.0']);
  });

  it('points to the file where a fact stands', () => {
    const { inventory } = nodeOf(
      '  kernelRelease: 6.1.0\n  functions:\n    - { address: "0000:5e:00.0", serial: S1 }\n    - { address: "0000:65:00.0", driver: vfio-pci }\n',
    );

    expect(inventory?.functions.map(({ place }) => 'file' in place && place.file)).toEqual([
      'inventory/hardware/r750.yaml',
      'inventory/node01.yaml',
    ]);
    expect(inventory && factPlace(inventory, 'cpuVendor')).toMatchObject({ file: 'inventory/hardware/r750.yaml' });
    expect(inventory && factPlace(inventory, 'kernelRelease')).toMatchObject({ file: 'inventory/node01.yaml' });
  });

  it.each([
    [
      '{ address: "0000:5f:00.0", serial: S1 }',
      'inventory/unmatched-difference: 0000:5f:00.0 is no function of hardware r750',
    ],
    [
      '{ address: "0000:5f:00.0", removed: true }',
      'inventory/unmatched-difference: 0000:5f:00.0 is no function of hardware r750',
    ],
    [
      '{ address: "0000:5e:00.0", added: true }',
      'inventory/unmatched-difference: 0000:5e:00.0 is added to hardware r750, which has it',
    ],
    [
      '{ address: "0000:5f:00.0", added: true, removed: true }',
      'inventory/unmatched-difference: 0000:5f:00.0 is both added and removed',
    ],
    ['{ address: "0000:5e:00.0", unknown: [drvier] }', 'inventory/invalid-value: `unknown` drvier is not valid'],
    [
      '{ address: "0000:5e:00.0" }, { address: "0000:5e:00.0" }',
      'inventory/duplicate-function: 0000:5e:00.0 has two entries',
    ],
  ])('is refused with %s', (entries, expected) => {
    const { lines } = nodeOf(`  functions: [${entries}]\n`);

    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(expected);
  });

  it('says several misplaced differences once', () => {
    const { problems, source } = nodeOf(
      '  functions: [{ address: "0000:01:00.0" }, { address: "0000:02:00.0" }, { address: "0000:5e:00.0" }]\n',
    );

    expect(problems).toHaveLength(1);
    expect(textAt(source, only(problems).primary.at)).toBe('"0000:01:00.0"');
    expect(problems[0]?.notes).toEqual(['the same goes for others: 0000:01:00.0 and 0000:02:00.0']);
  });

  it('must name a hardware that there is', () => {
    const { inventory, lines, problems, source } = nodeOf('  hardware: r760\n', false);

    expect(inventory).toBeUndefined();
    expect(lines).toHaveLength(1);
    expect(problems[0]).toMatchObject({ slug: 'inventory/unknown-hardware' });
    expect(textAt(source, only(problems).primary.at)).toBe('r760');
  });

  it.each(['../r750', '', '5', '[]', '{}', 'null'])('must name it as a file can be named, not %j', (name) => {
    const { inventory, problems } = nodeOf(`  hardware: ${name}\n`, false);

    expect(inventory).toBeUndefined();
    expect(problems).toHaveLength(1);
  });
});

describe('a file of shared hardware', () => {
  it.each([
    ['a node', HARDWARE.replace('NodeHardware', 'NodeInventory'), 'not-hardware'],
    ['a serial', HARDWARE.replace('driver: nvme', 'serial: S1'), 'unknown-key'],
    ['another hardware', HARDWARE.replace('cpuVendor: intel', 'hardware: r750'), 'unknown-key'],
    [
      'a product UUID',
      HARDWARE.replace('cpuVendor: intel', 'productUuid: 4c4c4544-0036-4a10-8052-b7c04f4e5133'),
      'unknown-key',
    ],
    ['no functions', HARDWARE.replace(/ {2}functions:[^]*/, ''), 'missing-key'],
  ])('refuses %s', (_, text, slug) => {
    const { lines } = hardwareOf(text);

    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`inventory/${slug}`);
  });
});
