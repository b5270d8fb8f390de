import { messageLawViolations, type LawfulTexts } from '../../support/message-law';

function breaches(texts: Partial<LawfulTexts>): string[] {
  return messageLawViolations({ message: 'a message', primary: { text: '' }, ...texts }).map(
    (line) => /^(.*?) *\((rule \d+)\)/.exec(line)?.[2] ?? line,
  );
}

it.each([
  '`product` is read as the number 10, not as the USB id 0010',
  '`pciVendorSelector` 10de:1eb8 is permitted twice',
  '2 devices on node gpu-a-01 match one selector and share IOMMU group 27',
  'mdev type `GRID T4-1Q` never matches a type on a host',
  '`deviceName` nvidia.com/TU104GL_Tesla_T5 is not a permitted host device',
  'this change removes the mediated devices of type nvidia-222 on node pool gpu-a',
  'IOMMU group 1 devices are bound',
  'KubeVirt 1.6 knows no field `x`',
  'YAML 1.1 devices and KubeVirt 1 devices are 2 things',
  'VM train-7 asks for 1 device',
  '1 other device is bound',
  'NVMe 0000:5e:00.0 holds the root disk, swap, and container storage',
  'the value `Please, use "can\'t" and src/x.ts: illegal?` is invalid',
  'nodes n1, n2, n3, and 4 more lack an inventory',
])('accepts the message %s', (message) => {
  expect(messageLawViolations({ message, primary: { text: '' } })).toEqual([]);
});

it.each([
  ['', 'rule 1'],
  ['Devices are bound twice', 'rule 1'],
  ['it is bad.', 'rule 1'],
  ['one is bad; the other is not', 'rule 1'],
  ['one is bad. the other is not', 'rule 1'],
  ['x'.repeat(91), 'rule 1'],
  ['please quote the id', 'rule 2'],
  ['the id should be quoted', 'rule 2'],
  ['the id is unknown, did you mean `t4`', 'rule 2'],
  ['is this right?', 'rule 2'],
  ['an illegal name', 'rule 10'],
  ['a forbidden name', 'rule 10'],
  ['this destroys mediated devices', 'rule 10'],
  ["it can't be bound", 'rule 10'],
  ['1 devices are bound', 'rule 11'],
  ['2 device are bound', 'rule 11'],
  ['12 mediated device are gone', 'rule 11'],
  ['there are 1 devices', 'rule 11'],
  ['node n1 lacks 2 device', 'rule 11'],
  ['two devices share a group', 'rule 11'],
  ['nodes n1, n2 and n3', 'rule 11'],
  ['it is on a, b, c, d, and e', 'rule 11'],
  ['TypeError while reading', 'rule 16'],
  ['readYaml() refuses the text', 'rule 16'],
  ['the value is undefined', 'rule 16'],
  ['refused at src/yaml', 'rule 16'],
])('refuses the message %j by %s', (message, rule) => {
  expect(breaches({ message })).toContain(rule);
});

it('looks at every text', () => {
  const bad = 'an illegal name';

  expect(
    messageLawViolations({
      message: bad,
      primary: { text: bad },
      secondary: [{ text: bad }],
      notes: [bad],
      help: [bad],
      fixes: [{ title: bad }],
    }).map((line) => line.split(':')[0]),
  ).toEqual(['message', 'primary label', 'secondary label', 'note', 'help', 'fix']);
});

it('keeps labels short and without a full stop, and lets notes and help be longer', () => {
  expect(breaches({ primary: { text: 'x'.repeat(61) } })).toEqual(['rule 5']);
  expect(breaches({ primary: { text: '' }, secondary: [{ text: 'here it is.' }] })).toEqual(['rule 5']);
  expect(breaches({ primary: { text: '' }, notes: ['x'.repeat(200)], help: ['it should be said here'] })).toEqual([]);
});
