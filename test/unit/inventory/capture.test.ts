import { gzipSync } from 'node:zlib';
import { importCapture, isArchive, readSysfs, unpackCapture, type TreeSource } from '../../../src/inventory';
import { messageLawViolations } from '../../support/message-law';
import { FakeMachine, sourceOf } from './fake-machine';
import { paxRecord, tarOf, type TarEntry } from './tar-writer';

function opened(bytes: Uint8Array): TreeSource {
  const unpacked = unpackCapture(bytes);
  if (!unpacked.ok) throw new Error(unpacked.reason);
  return unpacked.value;
}

/** What an archive holds: texts, `-> target`, and lists of names. */
function contents(entries: readonly TarEntry[], ...paths: readonly string[]): unknown[] {
  const source = opened(tarOf(entries));
  return paths.map((path) => {
    const entry = source.entry(path);
    if (entry?.kind === 'file') return Buffer.from(entry.bytes() ?? []).toString();
    return entry?.kind === 'link' ? `-> ${entry.target}` : entry?.names();
  });
}

function reasonOf(bytes: Uint8Array): string | undefined {
  const unpacked = unpackCapture(bytes);
  return unpacked.ok ? undefined : unpacked.reason;
}

const FILE: TarEntry = { name: 'sys/a', text: 'one\n' };

describe('an archive', () => {
  it('is files, links, and folders, with and without entries for the folders above', () => {
    const entries: TarEntry[] = [
      { name: './', type: '5' },
      { name: './sys/bus/', type: '5' },
      { name: './sys/bus/a', text: 'one\n' },
      { name: '/sys/b', type: '2', link: 'bus/a' },
      { name: 'sys/c', type: '1', link: './sys/bus/a' },
      { name: 'sys/device', type: '3' },
    ];

    expect(contents(entries, '', 'sys', 'sys/bus', 'sys/bus/a', 'sys/b', 'sys/c', 'sys/device')).toEqual([
      ['sys'],
      ['bus', 'b', 'c'],
      ['a'],
      'one\n',
      '-> bus/a',
      'one\n',
      undefined,
    ]);
  });

  it('has long names in each of the forms', () => {
    const long = `sys/${'d/'.repeat(100)}file`;
    const forms: TarEntry[][] = [
      [{ name: long.slice(long.length - 90), prefix: long.slice(0, long.length - 91), text: 'x' }],
      [
        { name: '././@LongLink', type: 'L', text: `${long}\0`, format: 'gnu' },
        { name: long.slice(0, 100), text: 'x', format: 'gnu' },
      ],
      [
        { name: 'pax', type: 'x', text: paxRecord('mtime', '1.5') + paxRecord('path', long) },
        { name: 'short', text: 'x' },
      ],
    ];

    for (const entries of forms) expect(contents(entries, long, 'short')).toEqual(['x', undefined]);
  });

  it('has long targets of links in each of the forms', () => {
    const target = `../${'x/'.repeat(100)}end`;

    expect(
      contents(
        [{ name: 'k', type: 'K', text: `${target}\0` }, { name: 'a', type: '2', link: 'short' }, FILE],
        'a',
        'sys/a',
      ),
    ).toEqual([`-> ${target}`, 'one\n']);
    expect(
      contents(
        [
          { name: 'p', type: 'x', text: paxRecord('linkpath', target) },
          { name: 'a', type: '2' },
        ],
        'a',
      ),
    ).toEqual([`-> ${target}`]);
  });

  it('is refused when it is cut off, at any block', () => {
    const whole = tarOf([FILE, { name: 'sys/b', text: 'x'.repeat(1000) }]);
    for (let end = 512; end < whole.length - 512; end += 512) {
      expect(reasonOf(whole.subarray(0, end))).toBe('the archive is cut off');
    }
    expect(reasonOf(whole)).toBeUndefined();
  });

  it('is refused when a header is damaged, or a name leads out of it', () => {
    const damaged = tarOf([FILE, FILE]);
    damaged[1024] = 0x78;

    expect(reasonOf(damaged)).toBe('the archive has a damaged header at byte 1024');
    expect(reasonOf(tarOf([{ name: 'sys/../../etc/passwd', text: 'x' }]))).toBe(
      'a name in the archive leads out of it',
    );
    expect(reasonOf(tarOf([{ name: 'p', type: 'x', text: '99 path=x\n' }, FILE]))).toBe(
      'the archive has a damaged pax header',
    );
    expect(reasonOf(tarOf([{ name: 'p', type: 'x', text: paxRecord('size', '-1') }, FILE]))).toBe(
      'the archive has a damaged pax header',
    );
    expect(reasonOf(tarOf([{ name: 'a', type: 'S' }]))).toBe('the archive holds sparse files, which are not read');
  });

  it('may be packed by gzip, and by nothing else', () => {
    const packed = gzipSync(tarOf([FILE]));
    const bzip2 = Buffer.from('BZh91AY&SY');

    expect(reasonOf(packed)).toBeUndefined();
    expect(reasonOf(packed.subarray(0, 60))).toBe('the gzip data is cut off or damaged');
    expect(reasonOf(gzipSync('00:00.0 Host bridge'))).toBe('packed by gzip, and not a tar archive inside');
    expect(unpackCapture(bzip2)).toEqual({
      ok: false,
      reason: 'packed by bzip2, which is not read',
      help: 'unpack it with `tar -xjf`, and import the folder',
    });
    expect(reasonOf(Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]))).toBe('packed by xz, which is not read');
    expect(reasonOf(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))).toBe('packed by zstd, which is not read');
  });

  it('is told from text that lspci printed', () => {
    expect([tarOf([FILE]), gzipSync(''), Buffer.from('BZh9')].map(isArchive)).toEqual([true, true, true]);
    expect([Buffer.from('00:00.0 Host bridge [0600]\n'), Buffer.alloc(0)].map(isArchive)).toEqual([false, false]);
  });
});

describe('a capture', () => {
  const machine = new FakeMachine().pci('0000:5e:00.0', { driver: 'nvme', below: ['0000:5d:00.0'] });

  it.each(['', 'capture/', 'a/b/c/', '40intel64-2g2n4c+pci/'])('has the machine at any depth: %j', (prefix) => {
    const { functions, problems } = readSysfs('capture', machine.source(prefix));

    expect(functions.map(({ address, driver }) => [address, driver])).toEqual([
      ['0000:5d:00.0', 'pcieport'],
      ['0000:5e:00.0', 'nvme'],
    ]);
    expect(problems.map(({ severity }) => severity)).not.toContain('error');
  });

  it('may be the folder sys itself', () => {
    const entries = new Map([...machine.entries].map(([path, entry]) => [path.replace(/^sys\//, ''), entry]));

    expect(readSysfs('sys', sourceOf(entries)).functions).toEqual(readSysfs('sys', machine.source()).functions);
  });

  it('is refused when it holds two machines, none, or no function', () => {
    const two = new Map(
      [...machine.entries].flatMap(([path, entry]) => [[`a/${path}`, entry] as const, [`b/${path}`, entry] as const]),
    );
    const labels = [sourceOf(two), sourceOf(new Map()), new FakeMachine().folder('sys/bus/pci/devices').source()].map(
      (source) =>
        readSysfs('capture', source).problems.map(({ code, severity, primary }) => [code, severity, primary.text]),
    );

    expect(labels).toEqual([
      [['INV111', 'error', 'there are 2 machines in it']],
      [['INV111', 'error', 'there is no folder `sys/bus/pci/devices` in it']],
      [['INV101', 'error', '`sys/bus/pci/devices` is empty']],
    ]);
  });

  it('gives no inventory when it cannot be read, and says what to do', () => {
    const imported = importCapture({ file: 'a.tar.bz2', capture: Buffer.from('BZh9'), node: 'node01' });

    expect(imported.text).toBeUndefined();
    expect(imported.problems).toMatchObject([
      { code: 'INV111', help: ['unpack it with `tar -xjf`, and import the folder'] },
    ]);
  });
});

describe('links of a capture', () => {
  const FOLDER = 'sys/bus/pci/devices/0000:5e:00.0';

  it('that lead out of it, to nothing, or in a circle are unknown, and what their target is called is known', () => {
    const { functions, problems } = readSysfs(
      'capture',
      new FakeMachine()
        .rawLink(FOLDER, '../../../../../../somewhere')
        .rawLink('sys/bus/pci/devices/0000:5f:00.0', '../../../devices/gone')
        .rawLink('sys/bus/pci/devices/0000:60:00.0', '0000:60:00.0')
        .file('sys/bus/pci/devices/0000:61:00.0/class', '0x010802\n')
        .rawLink('sys/bus/pci/devices/0000:61:00.0/driver', '../../../../../../../bus/pci/drivers/nvme')
        .source(),
    );

    expect(functions.map(({ address, class: code, driver }) => [address, code, driver])).toEqual([
      ['0000:5e:00.0', undefined, undefined],
      ['0000:5f:00.0', undefined, undefined],
      ['0000:60:00.0', undefined, undefined],
      ['0000:61:00.0', '010802', 'nvme'],
    ]);
    expect(problems).toMatchObject([
      { code: 'INV112', severity: 'warning', message: 'the capture shows no ids of 4 PCI functions' },
      { code: 'INV113', severity: 'info', message: 'the host use of 1 storage or network function is not known' },
    ]);
  });

  it('that begin at the root begin at the root of the capture', () => {
    const machine = new FakeMachine().rawLink(FOLDER, '/sys/devices/here').file('sys/devices/here/class', '0x020000\n');

    expect(machine.readFunction('0000:5e:00.0').class).toBe('020000');
  });

  it('with names that are no addresses are errors, as a function is missing', () => {
    const machine = new FakeMachine().pci('0000:5e:00.0').file('sys/bus/pci/devices/0000:5E:00.1/class', '0x0');

    expect(machine.read().problems).toMatchObject([{ code: 'INV102', severity: 'error' }, { code: 'INV113' }]);
  });
});

test('what is said of captures is lawful', () => {
  const sparse = new FakeMachine();
  for (let i = 0; i < 8; i++)
    sparse.rawLink(`sys/bus/pci/devices/0000:0${i}:00.0`, '../gone').file(`sys/bus/pci/devices/x${i}`, '');
  const captures = [
    importCapture({ file: 'a', capture: Buffer.from('BZh9'), node: 'node01' }),
    importCapture({ file: 'a', capture: sourceOf(new Map()), node: 'node01' }),
    importCapture({ file: 'a', capture: sparse.source(), node: 'node01' }),
    importCapture({
      file: 'a',
      capture: new FakeMachine().pci('0000:5e:00.0').folder('sys/module/zfs').collected({ collector: '' }).source(),
      node: 'node01',
    }),
  ];
  const problems = captures.flatMap((imported) => imported.problems);

  expect(problems.map(({ code }) => code)).toEqual(['INV111', 'INV111', 'INV102', 'INV112', 'INV113']);
  expect(problems.flatMap(messageLawViolations)).toEqual([]);
});
