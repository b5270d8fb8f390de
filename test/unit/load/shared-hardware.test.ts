import { messageLawViolations } from '../../support/message-law';
import { findingsText, fleetText, load } from './support';

const HEAD = 'apiVersion: hostdev/v1alpha1\nkind: ';
const HARDWARE = (name: string): string =>
  `${HEAD}NodeHardware\nmetadata: { name: ${name} }\nspec:\n  cpuVendor: intel\n  functions:\n    - { address: "0000:65:00.0", class: "030200", id: "10de:1eb8", driver: nouveau, iommuGroup: 27 }\n`;
const NODE = (name: string, spec = '{ hardware: gpu }'): string =>
  `${HEAD}NodeInventory\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
const FLEET = fleetText('inventory: inventory/\nnodePools: { gpu: { nodes: [node01, node02] } }');

test('nodes that share their hardware share it in memory, and it is read once', () => {
  const { fleet, problems, sources } = load(FLEET, {
    'inventory/hardware/gpu.yaml': HARDWARE('gpu'),
    'inventory/node01.yaml': NODE('node01'),
    'inventory/node02.yaml': NODE('node02', '{ hardware: gpu, hostName: n2 }'),
  });

  expect(problems).toEqual([]);
  expect(fleet?.inventories.map(({ node, cpuVendor }) => [node, cpuVendor])).toEqual([
    ['node01', 'intel'],
    ['node02', 'intel'],
  ]);
  expect(fleet?.inventories[0]?.functions).toBe(fleet?.inventories[1]?.functions);
  expect([...sources.keys()]).toContain('inventory/hardware/gpu.yaml');
});

const SHARED = { 'inventory/hardware/gpu.yaml': HARDWARE('gpu'), 'inventory/node01.yaml': NODE('node01') };

const BROKEN: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['an unknown hardware', { ...SHARED, 'inventory/node02.yaml': NODE('node02', '{ hardware: gqu }') }],
  ['a hardware that nobody names', { ...SHARED, 'inventory/hardware/old.yaml': HARDWARE('old') }],
  [
    'a hardware under another name',
    { 'inventory/hardware/gpu.yaml': HARDWARE('old'), 'inventory/node01.yaml': NODE('node01') },
  ],
  ['two files of one hardware', { ...SHARED, 'inventory/hardware/gpu.yml': HARDWARE('gpu') }],
  ['a node among the hardware', { ...SHARED, 'inventory/hardware/node02.yaml': NODE('node02', '{ functions: [] }') }],
  ['hardware among the nodes', { ...SHARED, 'inventory/old.yaml': HARDWARE('old') }],
  [
    'a difference from nothing',
    {
      ...SHARED,
      'inventory/node02.yaml': NODE(
        'node02',
        '{ hardware: gpu, functions: [{ address: "0000:66:00.0", hostUse: [] }] }',
      ),
    },
  ],
  [
    'a broken hardware that is named',
    {
      'inventory/hardware/gpu.yaml': HARDWARE('gpu').replace('intel', 'inetl'),
      'inventory/node01.yaml': NODE('node01'),
    },
  ],
];

test.each(BROKEN)('%s is one finding', (_, files) => {
  expect(load(FLEET, files).problems).toHaveLength(1);
});

test('what is said', () => {
  const page = BROKEN.map(([name, files]) => `# ${name}\n${findingsText(load(FLEET, files))}`);

  expect(page.join('\n')).toMatchGolden('load/shared-hardware.txt');
  expect(BROKEN.flatMap(([, files]) => load(FLEET, files).problems.flatMap(messageLawViolations))).toEqual([]);
});
