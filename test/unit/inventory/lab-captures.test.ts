import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importLspci, loadInventory } from '../../../src/inventory';
import type { NodeInventory } from '../../../src/model';
import { SourceFile } from '../../../src/source';

const LAB = join(__dirname, '..', '..', '..', 'examples', 'lab');

function file(...path: string[]): SourceFile {
  return new SourceFile(path.join('/'), readFileSync(join(LAB, ...path), 'utf8'));
}

function inventoryOf(node: string): NodeInventory {
  const { inventory, problems } = loadInventory(file('inventory', `${node}.yaml`));
  if (inventory === undefined || problems.length > 0) throw new Error(`the inventory of ${node} has problems`);
  return inventory;
}

function withId(node: string, id: string): readonly unknown[] {
  return inventoryOf(node).functions.filter((fact) => fact.id === id);
}

describe('the lab', () => {
  it('has a capture for every inventory', () => {
    const nodes = readdirSync(join(LAB, 'inventory')).map((name) => name.replace(/\.yaml$/, ''));

    expect(readdirSync(join(LAB, 'captures')).sort()).toEqual(nodes.map((node) => `${node}.lspci`).sort());
    expect(nodes).toContain('node01');
  });

  it.each(['node01', 'node02', 'node03', 'node04'])(
    'imports %s again to the same bytes, with nothing to say',
    (node) => {
      const existing = file('inventory', `${node}.yaml`);
      const { text, problems } = importLspci({ source: file('captures', `${node}.lspci`), node, existing });

      expect(problems).toEqual([]);
      expect(text).toBe(existing.text);
    },
  );

  it('has the hardware that its fleet declares', () => {
    expect(inventoryOf('node01').cpuVendor).toBe('intel');
    expect(inventoryOf('node02').cpuVendor).toBe('amd');
    expect(withId('node01', '10de:1eb8')).toHaveLength(2);
    expect(withId('node01', '8086:6f54')).toMatchObject([{ class: '0b40', driver: null }]);
    expect(withId('node02', '10de:1eb8')).toMatchObject([{ name: 'NVIDIA Corporation TU104GL [Tesla T4]' }]);
    expect(withId('node03', '8086:5845')).toMatchObject([
      { address: '0000:5e:00.0', class: '010802', driver: 'nvme' },
      { address: '0000:5f:00.0', class: '010802', driver: 'nvme' },
      { address: '0000:60:00.0', class: '010802', driver: 'nvme' },
    ]);
    expect(withId('node04', '10de:1eb8')).toMatchObject([{ driver: 'nvidia' }, { driver: 'nvidia' }]);
  });

  it('gives every device that is handed over an IOMMU group of its own', () => {
    for (const node of ['node01', 'node02', 'node03', 'node04']) {
      const { functions } = inventoryOf(node);
      const handedOver = functions.filter(({ id }) => ['10de:1eb8', '8086:6f54', '8086:5845'].includes(id ?? ''));
      for (const { iommuGroup } of handedOver) {
        expect(functions.filter((other) => other.iommuGroup === iommuGroup)).toHaveLength(1);
      }
    }
  });
});
