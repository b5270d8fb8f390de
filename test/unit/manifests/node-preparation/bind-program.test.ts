import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BIND_PROGRAM } from '../../../../src/manifests/node-preparation/bind-program.generated';
import { bindProgramModule } from '../../../../tools/bind-program-module';
import { FakeNode, PROGRAM, SHELLS } from './fake-node';

const GENERATED = join(PROGRAM, '..', 'bind-program.generated.ts');
const NVME = '8086:5845';
const BOOT = '0000:5d:00.0';
const DATA = '0000:5e:00.0';
const OTHER = '0000:5f:00.0';
const GPU = '0000:65:00.0';
const AUDIO = '0000:65:00.1';
const NIC = '0000:18:00.0';
const ROW = `any ${DATA} ${NVME} - 0108 - - nvme`;

let node: FakeNode;
beforeEach(() => {
  node = new FakeNode();
});
afterEach(() => {
  node.remove();
});

/** Three identical drives, the first one the boot disk. */
function threeDrives(): void {
  node.addNvme(BOOT, 0);
  node.addNvme(DATA, 1);
  node.addNvme(OTHER, 2);
  node.mount('259:0', '/sysroot', 'xfs', '/dev/nvme0n1');
}

function expectRefusal(reason: string, address = DATA): void {
  const { status, output, result } = node.run();
  expect(output).toContain(`${address}: refused: ${reason}`);
  expect(result).toContain(`${address} refused: ${reason}`);
  expect(result[0]).toBe('refused');
  expect(status).toBe(1);
  expect(node.writes).toBe(0);
}

describe.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))('under %s', (_name, shell) => {
  it('checks, binds, binds again, refuses the boot disk, and gives back', () => {
    threeDrives();
    node.add(GPU, { id: '10de:1eb8', class: '030200', driver: 'nouveau', group: 30 });
    node.add(AUDIO, { id: '10de:10f8', class: '040300', driver: 'snd_hda_intel', group: 30 });
    node.table(`any ${DATA} ${NVME} 8086:0001 010802 PHLJ1 - nvme`, `any ${GPU} 10de:1eb8 - - - 0403,0c03 t4 one`);

    const checked = node.run(['--check'], {}, shell);
    expect(checked).toEqual({
      status: 0,
      output: [
        `hostdev-vfio-bind: ${DATA}: would be bound to vfio-pci, is on nvme`,
        `hostdev-vfio-bind: ${GPU}: would be bound to vfio-pci, is on nouveau`,
        `hostdev-vfio-bind: ${AUDIO}: would be bound to vfio-pci, is on snd_hda_intel`,
        'hostdev-vfio-bind: result: check',
        '',
      ].join('\n'),
      result: [],
    });
    expect(existsSync(join(node.root, 'run'))).toBe(false);

    const bound = node.run([], {}, shell);
    expect(bound.output).not.toContain('refused');
    expect(bound.status).toBe(0);
    expect(bound.result).toEqual([
      'bound',
      'node uuid=4c4c4544-0042-3510-8052-b4c04f4e4332 host=node03',
      `${DATA} bound to vfio-pci, was on nvme`,
      `${GPU} bound to vfio-pci, was on nouveau`,
      `${AUDIO} bound to vfio-pci, was on snd_hda_intel`,
    ]);
    expect([BOOT, DATA, OTHER, GPU, AUDIO].map((address) => node.driverOf(address))).toEqual([
      'nvme',
      'vfio-pci',
      'nvme',
      'vfio-pci',
      'vfio-pci',
    ]);

    const { writes } = node;
    const again = node.run([], {}, shell);
    expect(again.status).toBe(0);
    expect(again.result.slice(2)).toEqual([DATA, GPU, AUDIO].map((address) => `${address} on vfio-pci already`));
    expect(node.writes).toBe(writes);

    const released = node.run(['--release'], {}, shell);
    expect(released.output).not.toContain('failed');
    expect(released.result).toEqual([
      'released',
      again.result[1],
      `${DATA} given back, on nvme`,
      `${GPU} given back, on nouveau`,
      `${AUDIO} given back, on snd_hda_intel`,
    ]);
    expect(node.run(['--release'], {}, shell).result[2]).toBe(`${DATA} not bound by this program: left as it is`);

    node.table(ROW, `any ${BOOT} ${NVME} - - - - boot`);
    const refused = node.run([], {}, shell);
    expect(refused.status).toBe(1);
    expect(refused.result).toContain(`${BOOT} refused: nvme0n1 is mounted on /sysroot`);
    expect(node.driverOf(DATA)).toBe('nvme');
  });
});

describe('rows of other nodes', () => {
  beforeEach(threeDrives);

  it('binds rows of this DMI UUID in either case, of this host name, and of any node', () => {
    node.table(
      `uuid=4c4c4544-0042-3510-8052-b4c04f4e4332 ${DATA} ${NVME} - - - - nvme`,
      `uuid=4c4c4544-0042-3510-8052-b4c04f4e4333 ${BOOT} ${NVME} - - - - nvme`,
      `host=node03 ${OTHER} ${NVME} - - - - nvme`,
      `host=node04 ${BOOT} ${NVME} - - - - nvme`,
    );
    expect(node.run().status).toBe(0);
    expect([BOOT, DATA, OTHER].map((address) => node.driverOf(address))).toEqual(['nvme', 'vfio-pci', 'vfio-pci']);
  });

  it('binds nothing and says so where no row is for this node', () => {
    node.table(`host=node04 ${DATA} ${NVME} - - - - nvme`);
    const { status, result } = node.run();
    expect(status).toBe(0);
    expect(result[0]).toBe('nothing');
    expect(result[2]).toContain('no row is for this node: nothing is bound');
  });

  it('does not guess while the host name is not settled', () => {
    node.write('proc/sys/kernel/hostname', 'localhost.localdomain\n');
    node.table(`host=node03 ${DATA} ${NVME} - - - - nvme`);
    expectRefusal('the host name is not settled, and rows are told apart by it', '-');
  });

  it('needs no host name where the DMI UUID tells', () => {
    node.write('proc/sys/kernel/hostname', '(none)\n');
    node.table(
      `uuid=4c4c4544-0042-3510-8052-b4c04f4e4332 ${DATA} ${NVME} - - - - nvme`,
      `host=x ${BOOT} ${NVME} - - - - n`,
    );
    expect(node.run().result[0]).toBe('bound');
  });

  it('refuses an address that is listed twice', () => {
    node.table(ROW, `host=node03 ${DATA} 10de:1eb8 - - - - t4`);
    expect(node.run().output).toContain(`lists ${DATA} twice for this node`);
    expect(node.writes).toBe(0);
  });
});

describe('the table', () => {
  it.each([
    ['a field too few', `any ${DATA} ${NVME} - - - -`],
    ['a command', `any ${DATA} ${NVME} - - - - $(reboot)`],
    ['a path', `any ../../x ${NVME} - - - - nvme`],
    ['a wildcard address', `any 0000:5e:00.* ${NVME} - - - - nvme`],
    ['an upper-case address', `any 0000:5E:00.0 ${NVME} - - - - nvme`],
    ['an unknown scope', `node=node03 ${DATA} ${NVME} - - - - nvme`],
    ['a short UUID', `uuid=4c4c ${DATA} ${NVME} - - - - nvme`],
    ['a tab', `any\t${DATA} ${NVME} - - - - nvme`],
    ['a carriage return', `${ROW}\r`],
  ])('with %s binds nothing', (_what, row) => {
    threeDrives();
    node.table(ROW.replace('nvme', 'first'), row);
    const { status, output } = node.run();
    expect(output).toContain('has a line that is not understood');
    expect(status).toBe(1);
    expect(node.driverOf(DATA)).toBe('nvme');
  });

  it('that is missing fails', () => {
    expect(node.run().output).toContain('cannot read');
    expect(node.run().status).toBe(1);
  });
});

describe('a function that is not the one declared', () => {
  beforeEach(threeDrives);

  it.each([
    ['another card', `any ${DATA} 10de:1eb8,10de:1eb9 - - - - t4`, 'it is 8086:5845, 10de:1eb8,10de:1eb9 is declared'],
    ['another subsystem', `any ${DATA} ${NVME} 8086:0002 - - - n`, 'its subsystem is 8086:0001, 8086:0002 is declared'],
    ['another class', `any ${DATA} ${NVME} - 0302 - - n`, 'its class is 010802, 0302 is declared'],
    ['another interface', `any ${DATA} ${NVME} - 010801 - - n`, 'its class is 010802, 010801 is declared'],
    ['another serial', `any ${DATA} ${NVME} - - PHLJ9 - n`, 'its serial is PHLJ1 but PHLJ9 is declared'],
    ['no identity', `any ${DATA} - - - - - n`, 'the table does not say what it is'],
    ['no device', `any 0000:77:00.0 ${NVME} - - - - n`, 'there is no such device'],
  ])('is refused: %s', (_what, row, reason) => {
    node.table(row);
    expectRefusal(reason, row.split(' ')[1]);
  });

  it('is refused when its serial cannot be read', () => {
    node.add(GPU, { id: '10de:1eb8', class: '030200', group: 30 });
    node.table(`any ${GPU} 10de:1eb8 - - 1422-1 - t4`);
    expectRefusal('its serial cannot be read, 1422-1 is declared', GPU);
  });

  it('is told by the serial number that lspci prints', () => {
    node.add(GPU, { id: '10de:1eb8', class: '030200', group: 30, deviceSerial: '48-b0-2d-ff-ff-12-34-56' });
    node.table(`any ${GPU} 10de:1eb8 - - 48-b0-2d-ff-ff-12-34-56 - t4`);
    expect(node.run().result[0]).toBe('bound');
    node.table(`any ${GPU} 10de:1eb8 - - 48-b0-2d-ff-ff-12-34-57 - t4`);
    expect(node.run().output).toContain(
      'its serial is 48-b0-2d-ff-ff-12-34-56 but 48-b0-2d-ff-ff-12-34-57 is declared',
    );
  });

  it('compares serials as the table can hold them', () => {
    node.addNvme('0000:60:00.0', 3, { serial: '  S3 EV/Né' });
    node.table(`any 0000:60:00.0 ${NVME} - - S3_EV_N__ - n`);
    expect(node.run().result[0]).toBe('bound');
  });
});

describe('a function that cannot be handed over', () => {
  it.each([
    ['by its class', { class: '060400' }],
    ['by its header', { class: '088000', header: 0x81 }],
  ])('is refused: a bridge, %s', (_how, fact) => {
    node.add(DATA, fact);
    node.table(`any ${DATA} ${NVME} - - - - n`);
    expectRefusal('it is a bridge');
  });

  it('is bound: an NVSwitch, a bridge by name only', () => {
    node.add(DATA, { class: '068000' });
    node.table(`any ${DATA} ${NVME} - - - - n`);
    expect(node.run().result[0]).toBe('bound');
  });

  it('is refused: no IOMMU', () => {
    node.add(DATA, { group: null });
    node.table(ROW);
    expectRefusal('it has no IOMMU group: the IOMMU is off in the firmware or on the kernel command line');
  });

  it('is refused: a function of its group stays with the host', () => {
    node.add(GPU, { id: '10de:1eb8', class: '030200', driver: 'nouveau', group: 30 });
    node.add(AUDIO, { id: '10de:10f8', class: '040300', driver: 'snd_hda_intel', group: 30 });
    node.table(`any ${GPU} 10de:1eb8 - - - - t4`);
    expectRefusal(`${AUDIO}, in the same IOMMU group, stays on snd_hda_intel`, GPU);
  });

  it('is bound beside bridges, driverless functions and functions on vfio drivers', () => {
    node.add(DATA, { driver: 'nvme', group: 30 });
    node.add('0000:00:1d.0', { class: '060400', driver: 'pcieport', group: 30 });
    node.add('0000:00:1d.1', { class: '060100', driver: 'lpc_ich', group: 30 });
    node.add('0000:5e:00.1', { class: '088000', group: 30 });
    node.add('0000:5e:00.2', { class: '020000', driver: 'mlx5_vfio_pci', group: 30 });
    node.table(ROW);
    expect(node.run().result[0]).toBe('bound');
  });

  it('is refused: its virtual functions are enabled', () => {
    node.add(DATA, { driver: 'nvme' });
    node.write(`${node.home(DATA)}/sriov_numvfs`, '4\n');
    node.table(ROW);
    expectRefusal('4 of its virtual functions are enabled');
  });

  it('is refused: mediated devices are made from it', () => {
    node.add(DATA, { driver: 'nvidia' });
    node.write(`${node.home(DATA)}/mdev_supported_types/nvidia-222/devices/1d3b/uevent`, '');
    node.table(ROW);
    expectRefusal('mediated device 1d3b is made from it');
  });
});

describe('a disk that the host uses', () => {
  const disk = 'sys/devices/pci0000:00/0000:00:1c.0/0000:5e:00.0/nvme/nvme1/nvme1n1';
  beforeEach(() => {
    threeDrives();
    node.addDisk(disk, 'nvme1n1p3', '259:13');
    node.table(ROW);
  });

  it('is refused: a partition is mounted, by number', () => {
    node.mount('259:13', '/var', 'xfs', '/dev/root');
    expectRefusal('nvme1n1p3 is mounted on /var');
  });

  it('is refused: it is mounted under another number, as btrfs does', () => {
    node.mount('0:44', '/data', 'btrfs', '/dev/nvme1n1p3');
    expectRefusal('nvme1n1p3 is mounted on /data');
  });

  it('is refused: it is one of several members', () => {
    node.link('sys/fs/btrfs/0a1b/devices/nvme1n1', disk);
    expectRefusal('nvme1n1 belongs to a mounted btrfs');
  });

  it('is refused: bcachefs names it among others', () => {
    node.mount('0:45', '/data', 'bcachefs', '/dev/sda:/dev/nvme1n1');
    expectRefusal('nvme1n1 is mounted on /data');
  });

  it('is refused: a zpool is in use, whose disks cannot be told', () => {
    node.mount('0:46', '/tank', 'zfs', 'tank/data');
    expectRefusal('nvme1n1 may belong to the zpool of /tank');
  });

  it('is refused: it is swap', () => {
    node.write('proc/swaps', 'Filename Type Size Used Priority\n/dev/nvme1n1p3 partition 1 0 -2\n');
    expectRefusal('nvme1n1p3 is used by swap');
  });

  it('is refused: LVM, md or dm-crypt holds it', () => {
    node.write('sys/devices/virtual/block/dm-3/dm/name', 'ceph--vg-osd\n');
    node.link(`${disk}/nvme1n1p3/holders/dm-3`, 'sys/devices/virtual/block/dm-3');
    node.addDisk('sys/devices/virtual/block', 'dm-3', '253:3');
    expectRefusal('nvme1n1p3 is held by dm-3 ceph--vg-osd');
  });

  it('is refused: a mount that is not up yet names it', () => {
    node.link('dev/disk/by-label/data', 'dev/nvme1n1p3');
    node.write('etc/systemd/system/var-lib-data.mount', '[Mount]\nWhat=/dev/disk/by-label/data\nWhere=/var/lib/data\n');
    expectRefusal('nvme1n1p3 is used by var-lib-data.mount');
  });

  it('is refused: fstab names it', () => {
    node.link('dev/disk/by-uuid/0a1b-2c', 'dev/nvme1n1');
    node.write('run/systemd/generator/srv.mount', '[Mount]\nWhere=/srv\nWhat=UUID=0a1b-2c\n');
    expectRefusal('nvme1n1 is used by srv.mount');
  });

  it('is refused: a loop device has it, as kubelet does for raw volumes', () => {
    node.addDisk('sys/devices/virtual/block', 'loop0', '7:0');
    node.write('sys/class/block/loop0/loop/backing_file', '/dev/nvme1n1\n');
    expectRefusal('nvme1n1 is used by a loop device');
  });

  it('is refused: a process has it open', () => {
    node.open(4711, 'ceph-osd', '/dev/nvme1n1');
    expectRefusal('/dev/nvme1n1 is open in process 4711 ceph-osd');
  });

  it('is refused: it is the boot disk behind NVMe multipath, whose path does not name the function', () => {
    node.addNvme('0000:60:00.0', 7, { multipath: true });
    node.addDisk('sys/devices/virtual/nvme-subsystem/nvme-subsys7/nvme7n1', 'nvme7n1p4', '259:74');
    node.mount('259:74', '/sysroot', 'xfs', '/dev/nvme7n1p4');
    node.table(`any 0000:60:00.0 ${NVME} - - - - n`);
    expectRefusal('nvme7n1p4 is mounted on /sysroot', '0000:60:00.0');
  });

  it('is refused: what is mounted cannot be read', () => {
    node.write('proc/1/mountinfo', '');
    expectRefusal('cannot read what is mounted', '-');
  });
});

describe('a NIC that the host uses', () => {
  beforeEach(() => {
    node.add(NIC, { id: '8086:10d3', class: '020000', driver: 'e1000e' });
    node.table(`any ${NIC} 8086:10d3 - - - - nic`);
  });

  it('is refused: it carries the default route', () => {
    node.addInterface(NIC, 'eno1');
    node.write('proc/net/route', 'Iface Destination Gateway\neno1\t00000000\t0101A8C0\n');
    expectRefusal('interface eno1 carries the default route', NIC);
  });

  it('is refused: it has an address, of which a connected route is the sign', () => {
    node.addInterface(NIC, 'eno1');
    node.write('proc/net/route', 'Iface Destination Gateway\neno1\t0001A8C0\t00000000\n');
    expectRefusal('interface eno1 carries a route', NIC);
  });

  it('is refused: it has an IPv6 address', () => {
    node.addInterface(NIC, 'eno1');
    node.write('proc/net/if_inet6', '20010db8000000000000000000000005 02 40 00 80     eno1\n');
    expectRefusal('interface eno1 has an IPv6 address', NIC);
  });

  it('is refused: it is part of a bond, a bridge or Open vSwitch', () => {
    node.addInterface(NIC, 'eno1');
    node.link(`${node.home(NIC)}/net/eno1/upper_ovs-system`, 'sys/devices/virtual/net/ovs-system');
    expectRefusal('interface eno1 is part of ovs-system', NIC);
  });

  it('is refused: its interface is in another network namespace', () => {
    expectRefusal('its network interface is in another network namespace', NIC);
  });

  it('is bound: it is up with nothing but what comes by itself', () => {
    node.addInterface(NIC, 'eno1');
    node.write('proc/net/if_inet6', 'fe800000000000000000000000000005 02 40 20 80     eno1\n');
    node.write(
      'proc/net/ipv6_route',
      'fe800000000000000000000000000000 40 0 00 0 00000100 00000001 00000000 00000001     eno1\n',
    );
    expect(node.run().result[0]).toBe('bound');
  });
});

describe('a GPU that the host uses', () => {
  it('is refused: a process has it open, and NVIDIA’s driver would wait for it', () => {
    node.add(GPU, { id: '10de:1eb8', class: '030200', driver: 'nvidia', group: 30 });
    node.write(`proc/driver/nvidia/gpus/${GPU}/information`, 'Model: \t Tesla T4\nDevice Minor: \t 2\n');
    node.open(99, 'nvidia-persist', '/dev/nvidia2');
    node.table(`any ${GPU} 10de:1eb8 - - - - t4`);
    expectRefusal('/dev/nvidia2 is open in process 99 nvidia-persist', GPU);
  });
});

describe('a run that is killed', () => {
  it.each(['KILL_BEFORE', 'KILL_AFTER'])('at any write is completed by the next one (%s it takes effect)', (moment) => {
    for (let write = 1; write <= 4; write++) {
      const cut = new FakeNode();
      cut.addNvme(DATA, 1);
      cut.add(GPU, { id: '10de:1eb8', class: '030200', driver: 'nouveau', group: 30 });
      cut.table(`any ${DATA} ${NVME} - - PHLJ1 - nvme`, `any ${GPU} 10de:1eb8 - - - - t4`);
      expect(cut.run([], { [moment]: String(write) }).status).toBeNull();
      const { output, status } = cut.run();
      expect(output).not.toContain('refused');
      expect(status).toBe(0);
      expect([cut.driverOf(DATA), cut.driverOf(GPU)]).toEqual(['vfio-pci', 'vfio-pci']);
      expect(existsSync(join(cut.root, 'run/hostdev/bind.journal'))).toBe(false);
      cut.remove();
    }
  });
});

describe('failing and undoing', () => {
  beforeEach(() => {
    threeDrives();
    node.add(GPU, { id: '10de:1eb8', class: '030200', driver: 'nouveau', group: 30 });
  });

  it('gives back what it bound when the next function does not come to vfio-pci', () => {
    node.write(`${node.home(GPU)}/.refuses-vfio`, '');
    node.table(ROW, `any ${GPU} 10de:1eb8 - - - - t4`);
    const { status, result } = node.run();
    expect(status).toBe(1);
    expect(result[0]).toBe('failed');
    expect(result).toContain(`${GPU} failed: it does not come to vfio-pci`);
    expect([node.driverOf(DATA), node.driverOf(GPU)]).toEqual(['nvme', 'nouveau']);
    expect(readFileSync(join(node.root, node.home(GPU), 'driver_override'), 'utf8')).toBe('\n');
  });

  it('undoes a run that was cut off when the next one refuses', () => {
    node.table(ROW, `any ${GPU} 10de:1eb8 - - - - t4`);
    node.run([], { KILL_AFTER: '4' });
    expect(node.driverOf(DATA)).toBe('vfio-pci');
    node.open(99, 'X', '/dev/dri/card0');
    node.write(`${node.home(GPU)}/drm/card0/uevent`, 'DEVNAME=dri/card0\n');
    const { status, result } = node.run();
    expect(status).toBe(1);
    expect(result[0]).toBe('refused');
    expect([node.driverOf(DATA), node.driverOf(GPU)]).toEqual(['nvme', 'nouveau']);
  });

  it('leaves a function that a virtual machine has', () => {
    node.table(ROW);
    expect(node.run().status).toBe(0);
    node.open(77, 'qemu-kvm', '/dev/vfio/21');
    const { status, result } = node.run(['--release']);
    expect(status).toBe(1);
    expect(result[2]).toBe(`${DATA} refused: a virtual machine has it: stop the virtual machine first`);
    expect(node.driverOf(DATA)).toBe('vfio-pci');
    expect(node.run().result[0]).toBe('bound');
  });
});

describe('the program', () => {
  it('prints nothing that is not printable', () => {
    threeDrives();
    node.mount('259:10', '/var\u001b[2Jé', 'xfs', '/dev/nvme1n1');
    node.table(ROW);
    const { output, result } = node.run();
    expect(output).toContain('is mounted on /var?[2J??');
    expect(`${output}${result.join('\n')}`).toMatch(/^[ -~\n]*$/);
  });

  it('refuses an argument that it does not know', () => {
    expect(node.run(['--force'])).toMatchObject({
      status: 2,
      output: 'usage: hostdev-vfio-bind [--check | --release]\n',
    });
  });

  it('is carried into the output as it is', () => {
    const module = bindProgramModule(readFileSync(PROGRAM, 'utf8'));
    if (process.env['UPDATE_GENERATED'] === '1') writeFileSync(GENERATED, module);
    expect(readFileSync(GENERATED, 'utf8')).toBe(module);
    expect(BIND_PROGRAM).toBe(readFileSync(PROGRAM, 'utf8'));
  });

  it('holds nothing that Flux or a template would replace', () => {
    expect(readdirSync(join(PROGRAM, '..'))).toContain('hostdev-vfio-bind.sh');
    expect(BIND_PROGRAM).toMatch(/^#!\/bin\/sh\n/);
    expect(BIND_PROGRAM).toMatch(/^[ -~\n…]*$/);
  });

  const shellcheck = spawnSync('shellcheck', ['--version']).status === 0;
  if (!shellcheck) console.warn('shellcheck is not installed: the bind program is not linted here');
  (shellcheck ? it : it.skip)('has nothing that shellcheck complains of', () => {
    expect(spawnSync('shellcheck', ['--shell=sh', PROGRAM], { encoding: 'utf8' }).stdout).toBe('');
  });
});
