import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COLLECTOR, importCapture, readSysfs, unpackCapture, type HardwareReading } from '../../../src/inventory';
import { collectorModule } from '../../../tools/collector-module';
import { FakeMachine } from './fake-machine';

const PROGRAM = join(__dirname, '../../../src/inventory/collector/hostdev-collect.sh');
const GENERATED = join(PROGRAM, '..', 'collector.generated.ts');

const hasDash = spawnSync('dash', ['-c', ':']).status === 0;
const SHELLS: readonly (readonly string[])[] = [['dash'], ['busybox', 'sh'], ['bash', '--posix'], ['sh']].filter(
  // sh is one of the others on most machines
  ([command = '', ...options], i) => (i < 3 || !hasDash) && spawnSync(command, [...options, '-c', ':']).status === 0,
);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hostdev-collect-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the program; `machine` is written to a folder that stands for the host's root. */
function collect(
  machine: FakeMachine | undefined,
  {
    shell = SHELLS[0] ?? ['sh'],
    args = ['-o', join(folder, 'out.tar.gz')],
    env = {},
  }: { shell?: readonly string[]; args?: string[]; env?: Record<string, string> } = {},
): { status: number | null; stderr: string; stdout: Buffer; archive: Buffer | undefined } {
  const root = join(folder, 'root');
  machine?.write(root);
  if (shell[0] === 'busybox') useBusyboxTools();
  const [command = '', ...options] = shell;
  const done = spawnSync(command, [...options, PROGRAM, ...args], {
    env: {
      PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
      TMPDIR: folder,
      ...(machine && { HOST: root }),
      ...env,
    },
    maxBuffer: 64 * 1024 * 1024,
  });
  const out = join(folder, 'out.tar.gz');
  return {
    status: done.status,
    stderr: done.stderr.toString(),
    stdout: done.stdout,
    archive: existsSync(out) ? readFileSync(out) : undefined,
  };
}

const TOOLS = 'awk cat cp grep gzip ls mkdir mktemp mv nsenter readlink rm sed sort tar tr uname wc'.split(' ');

/** A node of busybox alone: its tools in front of those of this machine. */
function useBusyboxTools(): void {
  const path = spawnSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).stdout.trim();
  mkdirSync(join(folder, 'bin'), { recursive: true });
  for (const tool of TOOLS) {
    if (!existsSync(join(folder, 'bin', tool))) symlinkSync(path, join(folder, 'bin', tool));
  }
}

/** Programs that stand in for those of the node. */
function stub(name: string, script: string): void {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'bin', name), 0o755);
}

function read(archive: Buffer | undefined): HardwareReading {
  const unpacked = unpackCapture(archive ?? Buffer.alloc(0));
  if (!unpacked.ok) throw new Error(unpacked.reason);
  return readSysfs('node01.tar', unpacked.value);
}

/** The text of a file of the archive. */
function textIn(archive: Buffer | undefined, path: string): string | undefined {
  const unpacked = unpackCapture(archive ?? Buffer.alloc(0));
  const entry = unpacked.ok ? unpacked.value.entry(`hostdev-capture/${path}`) : undefined;
  return entry?.kind === 'file' ? Buffer.from(entry.bytes() ?? []).toString() : undefined;
}

/** Files and links below a folder with what they hold, to see that nothing was changed. */
function snapshot(top: string): string[] {
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const holds = entry.isSymbolicLink() ? readlinkSync(path) : entry.isFile() ? readFileSync(path, 'latin1') : '';
      return `${path} ${holds}`;
    })
    .sort();
}

const DISK = '0000:5e:00.0';
const OTHER = '0000:5f:00.0';
const PASSED = '0000:60:00.0';
const NIC = '0000:18:00.0';
const GPU = '0000:65:00.0';

/** A node with one of everything that the program writes down. */
function node(): FakeMachine {
  const machine = new FakeMachine()
    .pci(DISK, {
      driver: 'nvme',
      group: 15,
      below: ['0000:5d:00.0'],
      files: { numa_node: '0\n', reset_method: 'flr\n' },
    })
    .pci(OTHER, { driver: 'nvme', group: 16 })
    .pci(PASSED, { driver: 'vfio-pci', group: 17 })
    .pci(NIC, { class: '020000', driver: 'i40e', group: 9, files: { sriov_totalvfs: '32\n', sriov_numvfs: '1\n' } })
    .pci('0000:18:02.0', { class: '020000', driver: 'iavf', group: 40, physicalFunction: NIC })
    .pci(GPU, { class: '030200', id: '10de:1eb8', driver: 'nvidia', group: 27 })
    .pci('0000:00:14.0', { class: '0c0330', driver: 'xhci_hcd', group: 2 })
    .pci('0000:00:16.3', { class: '070002', driver: 'serial', group: 3 })
    .nvme(0, DISK, 3)
    .nvme(1, OTHER, 1)
    .made('dm-0', ['nvme0n1p3', 'nvme1n1p1'], 'rhel-root')
    .mounts('/ dm-0', '/boot nvme0n1p2')
    .swaps('/dev/nvme0n1p1')
    .folder('var/lib/kubelet')
    .rawLink('proc/1/ns/pid', 'pid:[4026531836]')
    .folder('proc/1/fd')
    .file(
      'proc/cpuinfo',
      'processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: lm\n\nprocessor\t: 1\nvendor_id\t: Other\n',
    )
    .file(
      'proc/cmdline',
      'root=/dev/dm-0 ds="a b" x.password=hunter2 talos.config=https://h/?t=hunter3 quiet -- --pin hunter4\n',
    )
    .file('proc/sys/kernel/osrelease', '6.1.0\n')
    .file('sys/devices/virtual/dmi/id/product_uuid', '4C4C4544-0036-4A10-8052-B7C04F4E5133\n')
    .link('sys/class/dmi/id', 'sys/devices/virtual/dmi/id')
    .file('sys/kernel/iommu_groups/15/reserved_regions', '0x0000000000001000 0x0000000000001fff direct\n')
    .file('sys/devices/system/node/node0/cpulist', '0-3\n')
    .file('sys/devices/system/node/node0/meminfo', 'Node 0 MemTotal: 2048 kB\n')
    .file('sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages', '7\n')
    .file('sys/module/nvidia/version', '570.1\n')
    .link('sys/bus/pci/drivers/nvidia/module', 'sys/module/nvidia')
    .file('sys/module/vfio_pci/initstate', 'live\n')
    .link('sys/class/tty/console', 'sys/devices/virtual/tty/console')
    .file('sys/devices/virtual/tty/console/active', 'ttyS4\n');
  const bus = `${machine.at('0000:00:14.0')}/usb1/1-2`;
  const type = `${machine.at(GPU)}/mdev_supported_types/nvidia-222`;
  return machine
    .link('sys/class/tty/ttyS4', `${machine.at('0000:00:16.3')}/tty/ttyS4`)
    .file(`${machine.at('0000:00:16.3')}/tty/ttyS4/dev`, '4:68\n')
    .link('sys/bus/usb/devices/1-2', bus)
    .file(`${bus}/idVendor`, '46f4\n')
    .file(`${bus}/idProduct`, '0001\n')
    .file(`${type}/name`, 'GRID T4-1B\n')
    .file(`${type}/available_instances`, '16\n')
    .net('ens1f0', machine.at(NIC))
    .net('ens1f0v0', machine.at('0000:18:02.0'))
    .net('bond0', 'sys/devices/virtual', ['ens1f0v0']);
}

describe.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))('the collector in %s', (_name, shell) => {
  it('writes down all that the importer reads: the same inventory as from the machine itself', () => {
    stub('id', 'echo 0');
    const machine = node();
    const { status, archive, stderr } = collect(machine, { shell });
    const direct = node().collected();
    // what programs and the running kernel say is theirs, and not the fake machine's
    for (const name of ['ip-addr', 'ip-route4', 'ip-route6']) direct.entries.delete(`hostdev/${name}`);
    const { functions, machine: facts } = read(archive);

    expect(stderr).toContain('9 PCI functions');
    expect(status).toBe(0);
    expect(functions).toEqual(direct.read().functions);
    expect({ ...facts, architecture: undefined, vfioDeviceCdev: undefined }).toEqual({
      ...direct.read().machine,
      architecture: undefined,
      vfioDeviceCdev: undefined,
    });
    const use = (address: string): unknown => {
      return functions
        .find((fact) => fact.address === address)
        ?.hostUse?.map(({ kind, reason }) => `${kind}: ${reason}`);
    };
    expect(use(DISK)).toEqual([
      'root-disk: / on dm-0 (rhel-root) on nvme0n1p3',
      'boot: /boot on nvme0n1p2',
      'swap: swap on nvme0n1p1',
    ]);
    expect(use(OTHER)).toEqual(['root-disk: / on dm-0 (rhel-root) on nvme1n1p1']);
    expect(use(PASSED)).toEqual([]);
    expect(use('0000:00:16.3')).toEqual(['console: ttyS4']);
    // no secret of the command line leaves the node, and the importer has the same words for it
    expect(textIn(archive, 'proc/cmdline')).toBe(
      'root=/dev/dm-0 ds="a b" x.password=<redacted> talos.config=<redacted> quiet\n',
    );
    expect(facts.kernelArguments).toEqual(direct.read().machine.kernelArguments);
  });

  it('runs on the machine that runs the tests', () => {
    if (!existsSync('/sys/bus/pci/devices')) return;
    const { status, archive } = collect(undefined, { shell });
    const text = importCapture({ file: 'self.tar.gz', capture: archive ?? Buffer.alloc(0), node: 'self' });

    expect(status).toBe(0);
    const listed = readdirSync('/sys/bus/pci/devices');
    if (listed.length === 0) return;
    expect(text.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(text.inventory?.functions.map(({ address }) => address as string).sort()).toEqual(listed.sort());
    for (const { address, id } of text.inventory?.functions ?? []) {
      expect(id?.slice(0, 4)).toBe(readFileSync(`/sys/bus/pci/devices/${address}/vendor`, 'utf8').trim().slice(2));
    }
  });
});

describe('the collector', () => {
  it('changes nothing, and leaves nothing behind', () => {
    const machine = node();
    machine.write(join(folder, 'root'));
    const before = snapshot(join(folder, 'root'));
    rmSync(join(folder, 'root'), { recursive: true });
    collect(machine);

    expect(snapshot(join(folder, 'root'))).toEqual(before);
    expect(readdirSync(folder).sort()).toEqual(['out.tar.gz', 'root']);
  });

  it('writes down the network of the host’s first process, by the program of the node', () => {
    stub('ip', 'echo "$*"');
    stub('nsenter', 'echo "entered $*"');
    const namespace = readlinkSync('/proc/self/ns/net');
    const inside = collect(node().rawLink('proc/1/ns/net', namespace));
    expect(textIn(inside.archive, 'hostdev/ip-addr')).toBe('-o addr show\n');
    expect(textIn(inside.archive, 'hostdev/ip-route6')).toBe('-o -6 route show table all\n');

    rmSync(join(folder, 'root'), { recursive: true });
    const outside = collect(node().rawLink('proc/1/ns/net', 'net:[1]'));
    expect(textIn(outside.archive, 'hostdev/ip-route4')).toBe(
      `entered -n${join(folder, 'root')}/proc/1/ns/net ip -o -4 route show table all\n`,
    );
  });

  it('keeps nothing of a program that fails', () => {
    stub('ip', 'echo half; exit 1');
    const { archive } = collect(node().rawLink('proc/1/ns/net', readlinkSync('/proc/self/ns/net')));

    expect(textIn(archive, 'hostdev/ip-addr')).toBeUndefined();
    expect(textIn(archive, 'hostdev/collector')).toContain('version 1');
  });

  it('writes down mounts of containers once for each device', () => {
    const mount = (id: number): string =>
      `${id} 1 259:9 / /data/${id} rw - xfs /dev/nvme1n1 rw\n${id} 1 0:5 / /proc rw - proc proc rw\n`;
    const { archive } = collect(node().file('proc/201/mountinfo', mount(7)).file('proc/202/mountinfo', mount(8)));

    expect(textIn(archive, 'hostdev/container-mounts')?.match(/259:9 /g)).toHaveLength(1);
    expect(textIn(archive, 'hostdev/container-mounts')).not.toContain('proc');
  });

  it('writes down who has a group of VFIO open', () => {
    const machine = node()
      .file('proc/31/comm', 'ovs-vswitchd\n')
      .rawLink('proc/31/fd/5', '/dev/vfio/17')
      .rawLink('proc/31/fd/6', '/dev/vfio/vfio')
      .rawLink('proc/31/fd/7', '/dev/null');

    const { archive } = collect(machine);
    expect(textIn(archive, 'hostdev/open-vfio')).toBe('17 ovs-vswitchd\n');
    expect(textIn(archive, 'hostdev/open-blocks')).toBe('');
  });

  it('says what it could not see', () => {
    stub('id', 'echo 1000');
    stub('ip', 'exit 1');
    stub('nsenter', 'exit 1');
    const machine = node();
    machine.entries.delete('proc/1/fd');
    const { stderr, status, archive } = collect(machine);

    expect(status).toBe(0);
    expect(stderr.split('\n')).toEqual([
      'hostdev-collect: not run as root: serials, open devices and more are missing',
      'hostdev-collect: the processes of the host cannot be looked into: what it uses stays unknown',
      'hostdev-collect: no program ip that reaches the host: which NIC it uses stays unknown',
      `hostdev-collect: 9 PCI functions, written to ${join(folder, 'out.tar.gz')}`,
      '',
    ]);
    expect(read(archive).problems.map(({ code, notes }) => [code, notes])).toEqual([
      [
        'INV113',
        [
          'the collector did not run as root',
          'the open devices of the host are missing',
          'the collector found no program `ip` that shows the host’s addresses and routes',
        ],
      ],
    ]);
  });

  it('writes to standard output where no file is named, and without gzip a plain archive', () => {
    const packed = collect(node(), { args: [] });
    expect([...packed.stdout.subarray(0, 2)]).toEqual([0x1f, 0x8b]);
    expect(read(packed.stdout).functions).toHaveLength(9);

    rmSync(join(folder, 'root'), { recursive: true });
    const tools = [
      'sh',
      'cat',
      'cp',
      'mkdir',
      'mktemp',
      'mv',
      'rm',
      'sed',
      'awk',
      'grep',
      'sort',
      'ls',
      'tar',
      'id',
      'uname',
      'readlink',
      'wc',
      'tr',
    ];
    for (const tool of tools) stub(tool, `PATH=${process.env['PATH'] ?? ''}; exec ${tool} "$@"`);
    const script = readFileSync(PROGRAM, 'utf8').replace(/^PATH=.*$/m, `PATH=${join(folder, 'bin')}`);
    writeFileSync(join(folder, 'program.sh'), script);
    node().write(join(folder, 'root'));
    const plain = spawnSync('sh', [join(folder, 'program.sh')], {
      env: { HOST: join(folder, 'root'), TMPDIR: folder, PATH: process.env['PATH'] },
    });
    expect(plain.stdout.subarray(257, 262).toString()).toBe('ustar');
    expect(read(plain.stdout).functions).toHaveLength(9);
  });

  it.each([
    [['-x'], {}, 2, 'usage: '],
    [['more'], {}, 2, 'usage: '],
    [['-o', 'x'], { HOST: '/does/not/exist' }, 1, 'there is no folder /does/not/exist'],
    [['-o', 'x'], { HOST: '/usr' }, 1, 'is the host’s file system mounted there?'.replace('’', "'")],
    [['-o', '/does/not/exist/x'], {}, 1, 'cannot write the archive'],
    [['-o', 'x'], { TMPDIR: '/does/not/exist' }, 1, 'cannot make a temporary folder'],
  ])('refuses %j with %j', (args, env, status, message) => {
    if (!existsSync('/sys/bus/pci/devices')) return;
    const done = collect(undefined, { args, env });

    expect([done.status, done.stderr]).toEqual([status, expect.stringContaining(message)]);
  });

  it('does not take the name of the host for a folder', () => {
    if (!existsSync('/sys/bus/pci/devices')) return;

    expect(collect(undefined, { env: { HOST: 'node03' } }).status).toBe(0);
  });

  it('is carried into the command as it is', () => {
    const module = collectorModule(readFileSync(PROGRAM, 'utf8'));
    if (process.env['UPDATE_GENERATED'] === '1') writeFileSync(GENERATED, module);

    expect(readFileSync(GENERATED, 'utf8') === module ? 'fresh' : 'stale: npm run generate').toBe('fresh');
    expect(COLLECTOR).toBe(readFileSync(PROGRAM, 'utf8'));
  });

  const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0;
  (hasShellcheck ? it : it.skip)(
    `has nothing that shellcheck complains of${hasShellcheck ? '' : ' (skipped: shellcheck is not installed)'}`,
    () => {
      expect(spawnSync('shellcheck', ['--shell=sh', PROGRAM], { encoding: 'utf8' }).stdout).toBe('');
    },
  );
});
