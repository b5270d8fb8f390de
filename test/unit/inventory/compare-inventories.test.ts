import { compareInventories, inventoryDifferences, loadInventory } from '../../../src/inventory';
import type { NodeInventory } from '../../../src/model';
import { SourceFile } from '../../../src/source';
import { messageLawViolations } from '../../support/message-law';

const inventoryOf = (lines: readonly string[], more = ''): NodeInventory => {
  const text = [
    'apiVersion: hostdev/v1alpha1',
    'kind: NodeInventory',
    'metadata: { name: node01 }',
    'spec:',
    ...(more === '' ? [] : [`  ${more}`]),
    lines.length === 0 ? '  functions: []' : '  functions:',
    ...lines.map((line) => `    - { ${line} }`),
    '',
  ].join('\n');
  const { inventory, problems } = loadInventory(new SourceFile('inventory/node01.yaml', text));
  if (inventory === undefined || problems.length > 0) throw new Error(JSON.stringify(problems));
  return inventory;
};
const at = (address: string, facts = ''): string => `address: "${address}", id: "8086:5845"${facts}`;

/** Differences as lines: `moved 0000:5e:00.0 0000:5f:00.0`. */
const summaries = (lock: readonly string[], seen: readonly string[]): string[] =>
  compareInventories(inventoryOf(lock), inventoryOf(seen)).map(
    ({ kind, was, now }) => `${kind} ${was?.address ?? '-'} ${now?.address ?? '-'}`,
  );

test.each<[string, string[], string[], string[]]>([
  ['nothing', [at('0000:5e:00.0')], [at('0000:5e:00.0')], []],
  [
    'a device with a serial in another slot',
    [at('0000:5e:00.0', ', serial: A'), at('0000:5f:00.0', ', serial: B')],
    [at('0000:5e:00.0', ', serial: B'), at('0000:5f:00.0', ', serial: A')],
    ['moved 0000:5e:00.0 0000:5f:00.0', 'moved 0000:5f:00.0 0000:5e:00.0'],
  ],
  [
    'a renumbered bus',
    [at('0000:5e:00.0'), at('0000:5f:00.0')],
    [at('0000:60:00.0'), at('0000:61:00.0')],
    ['moved 0000:5e:00.0 0000:60:00.0', 'moved 0000:5f:00.0 0000:61:00.0'],
  ],
  [
    'a card of the same model with another serial',
    [at('0000:5e:00.0', ', serial: A')],
    [at('0000:5e:00.0', ', serial: B')],
    ['replaced 0000:5e:00.0 0000:5e:00.0'],
  ],
  [
    'another model',
    [at('0000:5e:00.0')],
    ['address: "0000:5e:00.0", id: "144d:a80a"'],
    ['replaced 0000:5e:00.0 0000:5e:00.0'],
  ],
  ['a like card, of which nobody knows more', [at('0000:5e:00.0', ', serial: A')], [at('0000:5e:00.0')], []],
  ['one more', [at('0000:5e:00.0')], [at('0000:5e:00.0'), at('0000:5f:00.0')], ['new - 0000:5f:00.0']],
  ['one less', [at('0000:5e:00.0'), at('0000:5f:00.0')], [at('0000:5e:00.0')], ['gone 0000:5f:00.0 -']],
  [
    'a group that has another number',
    [at('0000:5e:00.0', ', iommuGroup: 1'), at('0000:5f:00.0', ', iommuGroup: 2')],
    [at('0000:5e:00.0', ', iommuGroup: 7'), at('0000:5f:00.0', ', iommuGroup: 8')],
    [],
  ],
  [
    'a group that two share now',
    [at('0000:5e:00.0', ', iommuGroup: 1'), at('0000:5f:00.0', ', iommuGroup: 2')],
    [at('0000:5e:00.0', ', iommuGroup: 1'), at('0000:5f:00.0', ', iommuGroup: 1')],
    ['group-changed 0000:5e:00.0 0000:5e:00.0', 'group-changed 0000:5f:00.0 0000:5f:00.0'],
  ],
  [
    'an IOMMU that is off now',
    [at('0000:5e:00.0', ', iommuGroup: 1')],
    [at('0000:5e:00.0', ', iommuGroup: none')],
    ['group-changed 0000:5e:00.0 0000:5e:00.0'],
  ],
  [
    'NUMA node and driver',
    [at('0000:5e:00.0', ', driver: nvme, numaNode: 0')],
    [at('0000:5e:00.0', ', driver: vfio-pci, numaNode: 1')],
    ['numa-changed 0000:5e:00.0 0000:5e:00.0', 'driver-changed 0000:5e:00.0 0000:5e:00.0'],
  ],
  [
    'a use that nobody had seen',
    [at('0000:5e:00.0', ', hostUse: []')],
    [at('0000:5e:00.0', ', hostUse: [{ kind: swap, reason: x, observed: true }]')],
    ['host-use-changed 0000:5e:00.0 0000:5e:00.0'],
  ],
  [
    'a use that people stated',
    [at('0000:5e:00.0', ', hostUse: [{ kind: other, reason: Ceph OSD }]')],
    [at('0000:5e:00.0', ', hostUse: []')],
    [],
  ],
])('%s', (_name, lock, seen, expected) => {
  expect(summaries(lock, seen)).toEqual(expected);
});

test('one finding for each kind, in the language of the law', () => {
  const lock = inventoryOf([
    ...['10', '11', '12', '13', '14'].map((bus) => at(`0000:${bus}:00.0`, ', numaNode: 0, driver: nvme')),
    at('0000:20:00.0', ', serial: A'),
  ]);
  const seen = inventoryOf([
    ...['10', '11', '12', '13', '14'].map((bus) => at(`0000:${bus}:00.0`, ', numaNode: 1, driver: vfio-pci')),
    at('0000:21:00.0', ', serial: A'),
  ]);
  const problems = inventoryDifferences(lock, seen);
  expect(problems.map(({ severity, slug, message, notes }) => [severity, slug, message, notes])).toEqual([
    ['error', 'inventory/moved-device', '0000:20:00.0 has moved', []],
    [
      'error',
      'inventory/changed-numa-node',
      '5 PCI functions are on other NUMA nodes now',
      [
        '0000:10:00.0: NUMA node 0 so far, 1 now',
        '0000:11:00.0: NUMA node 0 so far, 1 now',
        '0000:12:00.0: NUMA node 0 so far, 1 now',
        'and 2 more',
      ],
    ],
    ['info', 'inventory/changed-driver', '5 PCI functions have other drivers now', expect.anything()],
  ]);
  expect(problems.flatMap(messageLawViolations)).toEqual([]);
});

test('a group that keeps its number is not said to have become itself', () => {
  const grouped = (second: number): NodeInventory =>
    inventoryOf([at('0000:5e:00.0', ', iommuGroup: 1'), at('0000:5f:00.0', `, iommuGroup: ${second}`)]);
  const [problem] = inventoryDifferences(grouped(2), grouped(1));

  expect(problem?.primary.text).toBe('other functions are in group 1 now');
  expect(problem?.notes).toEqual([
    '0000:5e:00.0: other functions are in group 1 now',
    '0000:5f:00.0: group 2 so far, group 1 now',
  ]);
});

test('another machine is said once, and nothing of its devices', () => {
  const uuid = (first: string): string => `productUuid: ${first}c4c4544-0038-3510-8052-b4c04f4b4d32`;
  const problems = inventoryDifferences(
    inventoryOf([at('0000:5e:00.0')], uuid('4')),
    inventoryOf([at('0000:5f:00.0')], uuid('5')),
  );
  expect(problems.map(({ code }) => code)).toEqual(['INV150']);
  expect(problems.flatMap(messageLawViolations)).toEqual([]);
});
