import { formatInventory, loadInventory, mergeInventory } from '../../../src/inventory';
import type { NodeInventory } from '../../../src/model';
import { SourceFile } from '../../../src/source';
import { knownFacts } from './reading';

function inventoryOf(functions: readonly string[], spec = ''): NodeInventory {
  const text = `apiVersion: hostdev/v1alpha1\nkind: NodeInventory\nmetadata: { name: node03 }\nspec:\n${spec}  functions: [${functions.join(', ')}]\n`;
  const { inventory, problems } = loadInventory(new SourceFile('inventory/node03.yaml', text));
  if (inventory === undefined || problems.length > 0) throw new Error('the inventory of the test has problems');
  return inventory;
}

function merge(
  existing: NodeInventory,
  imported: NodeInventory,
): { facts: Record<string, unknown>; lines: string[]; notes: string[] } {
  const { inventory, problems } = mergeInventory(existing, imported);
  return {
    facts: Object.fromEntries(inventory.functions.map((fact) => [fact.address, knownFacts(fact)])),
    lines: problems.map(({ severity, slug, message }) => `${severity} ${slug}: ${message}`),
    notes: problems.flatMap(({ notes }) => notes),
  };
}

describe('an import over an inventory', () => {
  it('keeps what people added to the node', () => {
    const spec = `  productUuid: 4c4c4544-0036-4a10-8052-b7c04f4e5133\n  hostName: n3\n  cpuVendor: intel\n  architecture: amd64\n  kernelRelease: 5.14.0\n`;
    const { inventory } = mergeInventory(inventoryOf([], spec), inventoryOf([]));

    expect(formatInventory(inventory)).toBe(formatInventory(inventoryOf([], spec)));
  });

  it('replaces what it sees, keeps what it does not see, and keeps serial and host use', () => {
    const { facts, lines } = merge(
      inventoryOf([
        '{ address: "0000:5e:00.0", class: "010802", id: "8086:5845", driver: nvme, iommuGroup: 15, serial: S1, hostUse: [] }',
      ]),
      inventoryOf(['{ address: "0000:5e:00.0", class: "0108", id: "8086:5845", driver: vfio-pci }']),
    );

    expect(facts).toEqual({
      '0000:5e:00.0': {
        class: '010802',
        id: '8086:5845',
        driver: 'vfio-pci',
        iommuGroup: 15,
        serial: 'S1',
        hostUse: [],
      },
    });
    expect(lines).toEqual([]);
  });

  it('replaces a driver by the knowledge that there is none', () => {
    const { facts } = merge(
      inventoryOf(['{ address: "0000:5e:00.0", driver: nvme }']),
      inventoryOf(['{ address: "0000:5e:00.0", driver: none }']),
    );

    expect(facts).toEqual({ '0000:5e:00.0': { driver: null } });
  });

  it.each([
    ['hostUse: [{ kind: other, reason: Ceph OSD }]', [expect.objectContaining({ reason: 'Ceph OSD' })]],
    ['hostUse: []', []],
    ['hostUse: [{ kind: swap, reason: swap, observed: true }]', undefined],
  ])('carries what was said of a device with its serial to another address: %s', (stated, expected) => {
    const { facts, lines, notes } = merge(
      inventoryOf([`{ address: "0000:5e:00.0", id: "8086:5845", serial: "S 1", ${stated} }`]),
      inventoryOf(['{ address: "0000:60:00.0", id: "8086:5845", serial: s_1 }']),
    );

    expect(facts['0000:60:00.0']).toEqual({ id: '8086:5845', serial: 's_1', ...(expected && { hostUse: expected }) });
    expect(lines).toEqual([
      'info inventory/new-functions: 0000:60:00.0 is new',
      'info inventory/gone-functions: 0000:5e:00.0 is gone',
    ]);
    expect(notes).toEqual(['what people said goes with its serial from 0000:5e:00.0 to 0000:60:00.0']);
  });

  it('carries what was said when two like devices change places, and nothing by a serial that two share', () => {
    const line = (address: string, serial: string, more = ''): string =>
      `{ address: "${address}", id: "8086:5845", serial: ${serial}${more} }`;
    const use = ', hostUse: [{ kind: other, reason: Ceph OSD }]';
    const swapped = merge(
      inventoryOf([line('0000:5e:00.0', 'S1', use), line('0000:5f:00.0', 'S2')]),
      inventoryOf([line('0000:5e:00.0', 'S2'), line('0000:5f:00.0', 'S1')]),
    );
    expect(swapped.facts['0000:5f:00.0']).toHaveProperty('hostUse');
    expect(swapped.facts['0000:5e:00.0']).not.toHaveProperty('hostUse');

    const shared = merge(
      inventoryOf([line('0000:5e:00.0', 'S1', use), line('0000:5f:00.0', 'S1')]),
      inventoryOf([line('0000:60:00.0', 'S1'), line('0000:61:00.0', 'S1')]),
    );
    expect(shared.facts['0000:60:00.0']).not.toHaveProperty('hostUse');
    expect(shared.lines).toContain('warning inventory/gone-functions: 2 PCI functions are gone');
  });

  it('names what is new and what is gone', () => {
    const { facts, lines, notes } = merge(
      inventoryOf(['{ address: "0000:5e:00.0", id: "8086:5845" }', '{ address: "0000:5f:00.0", id: "8086:5846" }']),
      inventoryOf([
        '{ address: "0000:65:00.0", id: "10de:1eb8" }',
        '{ address: "0000:5f:00.0", id: "8086:5846" }',
        '{ address: "0000:66:00.0", id: "10de:1eb8" }',
      ]),
    );

    expect(Object.keys(facts)).toEqual(['0000:5f:00.0', '0000:65:00.0', '0000:66:00.0']);
    expect(lines).toEqual([
      'info inventory/new-functions: 2 PCI functions are new',
      'info inventory/gone-functions: 0000:5e:00.0 is gone',
    ]);
    expect(notes).toEqual(['0000:65:00.0 and 0000:66:00.0']);
  });

  it('warns when what people added goes with its function', () => {
    const { lines, notes } = merge(
      inventoryOf(['{ address: "0000:5e:00.0", id: "8086:5845", hostUse: [{ kind: boot, reason: EFI }] }']),
      inventoryOf([]),
    );

    expect(lines).toEqual(['warning inventory/gone-functions: 0000:5e:00.0 is gone']);
    expect(notes).toEqual(['serial and host use are taken out of 0000:5e:00.0']);
  });

  it('takes nothing over from a device to the one that replaced it', () => {
    const { facts, lines } = merge(
      inventoryOf(['{ address: "0000:5e:00.0", id: "8086:5845", iommuGroup: 15, serial: S1, hostUse: [] }']),
      inventoryOf(['{ address: "0000:5e:00.0", id: "144d:a808" }']),
    );

    expect(facts).toEqual({ '0000:5e:00.0': { id: '144d:a808' } });
    expect(lines).toEqual(['warning inventory/replaced-functions: 0000:5e:00.0 is another device now']);
  });

  it('does not take a function for replaced when the new text shows no id', () => {
    const { facts, lines } = merge(
      inventoryOf(['{ address: "0000:5e:00.0", id: "8086:5845", hostUse: [] }']),
      inventoryOf(['{ address: "0000:5e:00.0" }']),
    );

    expect(facts).toEqual({ '0000:5e:00.0': { id: '8086:5845', hostUse: [] } });
    expect(lines).toEqual([]);
  });

  it('of itself changes and reports nothing', () => {
    const inventory = inventoryOf(['{ address: "0000:5e:00.0", id: "8086:5845", driver: none, hostUse: [] }']);
    const merged = mergeInventory(inventory, inventory);

    expect(merged).toEqual({ inventory, problems: [] });
  });
});

describe('what an earlier import saw', () => {
  const disk = (rest: string): string => `{ address: "0000:5e:00.0", id: "8086:5845"${rest} }`;
  const SEEN = '{ kind: root-disk, reason: / on nvme0n1p2, observed: true }';
  const uses = (existing: string, imported: string): unknown => {
    return merge(inventoryOf([disk(existing)]), inventoryOf([disk(imported)])).facts['0000:5e:00.0'];
  };

  it('is replaced by what this one sees, and people’s statements stay', () => {
    const stated = '{ kind: other, reason: Ceph OSD }';

    expect(uses(`, hostUse: [${SEEN}, ${stated}]`, ', hostUse: []')).toMatchObject({
      hostUse: [{ kind: 'other', reason: 'Ceph OSD' }],
    });
    expect(uses(`, hostUse: [${stated}]`, `, hostUse: [${SEEN}]`)).toMatchObject({
      hostUse: [
        { kind: 'root-disk', observed: true },
        { kind: 'other', reason: 'Ceph OSD' },
      ],
    });
    expect(uses(', hostUse: []', `, hostUse: [${SEEN}]`)).toMatchObject({ hostUse: [{ kind: 'root-disk' }] });
  });

  it('stays where this one sees nothing, and is not said twice', () => {
    expect(uses(`, hostUse: [${SEEN}]`, '')).toMatchObject({ hostUse: [{ kind: 'root-disk', observed: true }] });
    const stated = '{ kind: root-disk, reason: / on nvme0n1p2 }';
    expect(uses(`, hostUse: [${stated}]`, `, hostUse: [${SEEN}]`)).toMatchObject({ hostUse: [{ observed: true }] });
  });

  it('of a driver goes with the driver', () => {
    const known = ', driver: nvidia, driverVersion: "570", mdevTypes: [{ id: nvidia-222 }]';

    expect(uses(known, ', driver: vfio-pci')).toEqual({ id: '8086:5845', driver: 'vfio-pci' });
    expect(uses(known, ', driver: nvidia')).toMatchObject({ driverVersion: '570', mdevTypes: [{ id: 'nvidia-222' }] });
  });

  it('is of another device where the serial is another one', () => {
    const { facts, lines } = merge(
      inventoryOf([disk(', serial: S1, hostUse: []')]),
      inventoryOf([disk(', serial: S2')]),
    );

    expect(facts['0000:5e:00.0']).toEqual({ id: '8086:5845', serial: 'S2' });
    expect(lines).toEqual(['warning inventory/replaced-functions: 0000:5e:00.0 is another device now']);
  });

  it('is of the same device where one serial is the disk’s and the other the function’s, or spelled otherwise', () => {
    for (const [known, seen] of [
      ['00-e0-4c-ff-fe-68-00-01', 'S2'],
      ['s2 b', 'S2_B'],
    ]) {
      const { facts, lines } = merge(
        inventoryOf([disk(`, serial: ${known}, hostUse: []`)]),
        inventoryOf([disk(`, serial: ${seen}`)]),
      );
      expect([facts['0000:5e:00.0'], lines]).toEqual([{ id: '8086:5845', serial: seen, hostUse: [] }, []]);
    }
  });

  it('needs no doubt about like drives where this one sees what they are used for', () => {
    const { lines } = merge(
      inventoryOf([disk(''), '{ address: "0000:60:00.0", id: "8086:5845", hostUse: [] }']),
      inventoryOf(['{ address: "0000:60:00.0", id: "8086:5845", hostUse: [] }']),
    );

    expect(lines).toEqual(['info inventory/gone-functions: 0000:5e:00.0 is gone']);
  });
});

describe('like drives', () => {
  const drive = (bus: string, rest = ''): string => `{ address: "0000:${bus}:00.0", id: "8086:5845"${rest} }`;
  const UNUSED = ', hostUse: []';
  const BOOT = ', hostUse: [{ kind: root-disk, reason: / on /dev/nvme1n1p4 }]';

  it('behind one that is gone are no longer known to be unused', () => {
    const { facts, lines, notes } = merge(
      inventoryOf([drive('5e', UNUSED), drive('5f', BOOT), drive('60', UNUSED)]),
      inventoryOf([drive('5f'), drive('60')]),
    );

    expect(facts).toMatchObject({ '0000:5f:00.0': { hostUse: [{ kind: 'root-disk' }] } });
    expect(facts['0000:60:00.0']).toEqual({ id: '8086:5845' });
    expect(lines).toContain('warning inventory/moved-functions: 0000:60:00.0 may be another device than before');
    expect(notes).toContain('`hostUse: []` is taken out of 0000:60:00.0');
  });

  it('behind a new one are no longer known to be unused', () => {
    const { facts } = merge(
      inventoryOf([drive('5e', UNUSED), drive('5f', UNUSED)]),
      inventoryOf([drive('5e'), drive('5f'), drive('60')].map((text) => text.replace('5e', '5d'))),
    );

    expect(facts['0000:5f:00.0']).toEqual({ id: '8086:5845' });
  });

  it('in front of a new one keep what was said of them', () => {
    const { facts, lines } = merge(
      inventoryOf([drive('5e', UNUSED), drive('5f', BOOT)]),
      inventoryOf([drive('5e'), drive('5f'), drive('60')]),
    );

    expect(facts['0000:5e:00.0']).toEqual({ id: '8086:5845', hostUse: [] });
    expect(lines).toEqual(['info inventory/new-functions: 0000:60:00.0 is new']);
  });

  it('with a serial keep what was said of them: the node compares the serial', () => {
    const { facts } = merge(
      inventoryOf([drive('5e', UNUSED), drive('60', `, serial: S3${UNUSED}`)]),
      inventoryOf([drive('60')]),
    );

    expect(facts['0000:60:00.0']).toEqual({ id: '8086:5845', serial: 'S3', hostUse: [] });
  });
});
