import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { contentAt, ENCRYPTED, FakeNode, PARTITIONED } from './fake-node';

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
  node.destroy();
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
  expect(result.filter((line) => line.startsWith(`${address} refused: ${reason}`))).toHaveLength(1);
  expect(result[0]).toBe('refused');
  expect(status).toBe(1);
  expect(node.writes).toBe(0);
}

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

  it('is refused: its file system is at work where no process sees it mounted', () => {
    node.write('sys/fs/ext4/nvme1n1p3/errors_count', '0\n');
    expectRefusal('nvme1n1p3 has a file system at work, ext4');
    node.mount('259:13', '/data', 'ext4', '/dev/nvme1n1p3');
    expect(node.run().output).not.toContain('at work');
  });

  it('is refused: a bcachefs that was mounted by another name of it has it', () => {
    node.link('sys/fs/bcachefs/0a1b/dev-1/block', disk);
    expectRefusal('nvme1n1 belongs to a mounted bcachefs');
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

  it('is refused: a zram device writes what it cannot keep to it', () => {
    node.addDisk('sys/devices/virtual/block', 'zram0', '252:0');
    node.write('sys/class/block/zram0/backing_dev', '/dev/nvme1n1p3\n');
    expectRefusal('nvme1n1p3 is used by a zram device');
  });

  it.each([
    ['LIO', 'target/core/iblock_0/osd1/udev_path'],
    ['NVMe over fabrics', 'nvmet/subsystems/nqn.2026-01.example/namespaces/1/device_path'],
  ])('is refused: %s exports it, which nothing of the disk shows', (_name, path) => {
    node.link('dev/disk/by-id/data', 'dev/nvme1n1');
    node.write(`sys/kernel/config/${path}`, '/dev/disk/by-id/data\n');
    expectRefusal('nvme1n1 is used by a storage target');
  });

  it('is refused: XFS keeps its log on it', () => {
    node.write(
      'proc/1/mountinfo',
      `${node.read('proc/1/mountinfo')}31 1 8:1 / /srv rw shared:1 - xfs /dev/sda1 rw,logdev=/dev/nvme1n1p3,noquota\n`,
    );
    expectRefusal('nvme1n1p3 is mounted on /srv');
  });

  it('is refused: crypttab names it, which may be swap with a key of each boot', () => {
    node.link('dev/disk/by-partuuid/aa-bb', 'dev/nvme1n1p3');
    node.write(
      'etc/crypttab',
      '# name device key options\nswap PARTUUID=aa-bb /dev/urandom swap,cipher=aes-xts-plain64\n',
    );
    expectRefusal('nvme1n1p3 is used by crypttab');
  });

  it('is refused: the last line of a file names it, which has no end', () => {
    node.write('etc/crypttab', '# name device\ndata /dev/nvme1n1');
    node.write('etc/systemd/system/dev-disk-by\\x2dlabel-a\\c.swap', '[Swap]\nWhat=/dev/nvme1n1p3');
    expectRefusal('nvme1n1 is used by crypttab');
    expectRefusal('nvme1n1p3 is used by dev-disk-by\\x2dlabel-a\\c.swap');
  });

  it('is bound where crypttab only has a comment on it', () => {
    node.write('etc/crypttab', '\n  # data /dev/nvme1n1\n');
    expect(node.run()).toMatchObject({ status: 0 });
  });

  it('is refused: its driver is still at work on it, so that no disk shows what is on it', () => {
    node.write(`${node.home(DATA)}/nvme/nvme1/state`, 'resetting\n');
    expectRefusal('its driver has not started it');
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

  describe.each([
    ['VMD', { id: '8086:9a0b', class: '010400', driver: 'vmd' }],
    ['Fibre Channel', { id: '1077:2261', class: '0c0400', driver: 'qla2xxx' }],
  ])('behind %s and NVMe multipath', (behind, fact) => {
    const adapter = '0000:61:00.0';
    const port = '0x21000024ff7fa448';
    beforeEach(() => {
      node.add(adapter, { ...fact, group: 40 });
      const controller =
        behind === 'VMD'
          ? `${node.home(adapter)}/pci10000:e0/10000:e0:06.0/10000:e1:00.0/nvme/nvme7`
          : 'sys/devices/virtual/nvme-fabrics/ctl/nvme7';
      node.write(`${controller}/state`, 'live\n');
      node.write(`${controller}/address`, `traddr=nn-0x2:pn-0x3,host_traddr=nn-0x20000024ff7fa448:pn-${port}\n`);
      node.link('sys/class/nvme/nvme7', controller);
      node.link('sys/class/nvme-subsystem/nvme-subsys7/nvme7', controller);
      node.addDisk('sys/devices/virtual/nvme-subsystem/nvme-subsys7', 'nvme7n1', '259:70');
      node.mount('259:70', '/sysroot', 'xfs', '/dev/nvme7n1');
      node.table(`any ${adapter} ${fact.id} - ${fact.class} - - adapter`);
    });
    const addPort = (name: string): void => {
      if (behind === 'VMD') return;
      node.write(`${node.home(adapter)}/host7/fc_host/host7/port_name`, `${name}\n`);
      node.link('sys/class/fc_host/host7', `${node.home(adapter)}/host7/fc_host/host7`);
    };

    it('is refused: the path of the boot disk does not name the function', () => {
      addPort(port);
      expectRefusal('nvme7n1 is mounted on /sysroot', adapter);
    });

    it('is refused: a drive is not through with its start', () => {
      addPort(port);
      node.write('sys/class/nvme/nvme7/state', 'connecting\n');
      expectRefusal('its driver has not started it', adapter);
    });

    if (behind === 'VMD') return;
    it('is bound: the disk is behind another port', () => {
      addPort('0x21000024ff7fa449');
      expect(node.run().result[0]).toBe('bound');
    });
  });

  it('is refused: a container has it mounted where the host does not see it', () => {
    node.mountFor(1, '24 1 0:22 / / rw - tmpfs tmpfs rw');
    node.mountFor(812, '30 1 259:13 / /data rw,relatime shared:7 - ext4 /dev/nvme1n1p3 rw');
    expectRefusal('nvme1n1p3 is mounted on /data');
  });

  it('is refused: kubelet gives it to a pod as a raw volume', () => {
    const where = '/var/lib/kubelet/plugins/kubernetes.io/csi/volumeDevices/pvc-1/dev/2c';
    node.write('proc/1/mountinfo', `30 1 0:5 /nvme1n1 ${where} rw shared:1 - devtmpfs devtmpfs rw\n`);
    expectRefusal(`nvme1n1 is mounted on ${where}`);
  });

  it('is refused: what is mounted cannot be read', () => {
    node.write('proc/1/mountinfo', '');
    expectRefusal('cannot read what is mounted', '-');
  });
});

const blkid = spawnSync('blkid', ['--version']).status === 0;
if (!blkid) console.warn('blkid is not installed: the tests of what is written on a disk are skipped');
(blkid ? describe : describe.skip)('a disk that nobody uses now, with something on it', () => {
  const serial = `any ${DATA} ${NVME} - - PHLJ1 - n`;
  const memory = '/var/lib/hostdev/handed-over';
  beforeEach(threeDrives);

  it('is refused: hosts use what is on it without a mount that shows it, whatever serial is declared', () => {
    node.write('dev/nvme1n1', ENCRYPTED);
    node.table(serial);
    expectRefusal(
      `nvme1n1 holds crypto_LUKS, which may be the host's. If a guest wrote it: ` +
        `echo ${DATA} eui.nvme1n1 >> ${node.root}${memory}`,
    );
  });

  it('is refused: no serial says that it is the one that is meant', () => {
    node.write('dev/nvme1n1', PARTITIONED);
    node.table(ROW);
    expectRefusal("nvme1n1 holds a partition table (dos), which may be the host's.");
  });

  it('is refused: volumes of Longhorn or OpenEBS, which blkid does not know', () => {
    node.write('dev/nvme1n1', contentAt(0, Buffer.from('SPDKBLOB')));
    node.table(serial);
    expectRefusal('nvme1n1 holds SPDK_blobstore, which may be the host');
  });

  it('is refused: a swap partition with the memory of a machine that sleeps', () => {
    node.write('dev/nvme1n1', contentAt(4086, Buffer.from('S1SUSPEND')));
    node.table(serial);
    expectRefusal('nvme1n1 holds swsuspend, which may be the host');
  });

  it('is refused without a serial: data that nobody knows, which is not nothing', () => {
    node.write('dev/nvme1n1', contentAt(40_000, [0x2a]));
    node.table(ROW);
    expectRefusal("nvme1n1 holds data of an unknown kind, which may be the host's.");
    node.table(serial);
    expect(node.run().result[0]).toBe('bound');
  });

  it.each([0x00, 0xff])('is bound without a serial: it is blank, all %i', (byte) => {
    node.write('dev/nvme1n1', new Uint8Array(1024 * 1024).fill(byte));
    node.table(ROW);
    expect(node.run().result[0]).toBe('bound');
  });

  it('is refused: one partition holds it', () => {
    node.addDisk(`${node.home(DATA)}/nvme/nvme1/nvme1n1`, 'nvme1n1p2', '259:12');
    node.write(`${node.home(DATA)}/nvme/nvme1/nvme1n1/nvme1n1p2/partition`, '2\n');
    node.write('dev/nvme1n1p2', ENCRYPTED);
    node.table(serial);
    // the disk's name, not the partition's
    expectRefusal(
      `nvme1n1p2 holds crypto_LUKS, which may be the host's. If a guest wrote it: echo ${DATA} eui.nvme1n1 `,
    );
  });

  it('is refused: it cannot be read', () => {
    node.remove('dev/nvme1n1');
    node.table(serial);
    expectRefusal('nvme1n1 holds something that cannot be read');
  });

  it('is bound: its serial is declared, and a file system or a partition table is the data that is meant', () => {
    node.write('dev/nvme1n1', PARTITIONED);
    node.table(serial);
    expect(node.run().result[0]).toBe('bound');
  });

  it('is bound: a guest wrote it after this program had handed the disk over', () => {
    node.table(ROW);
    expect(node.run().result[0]).toBe('bound');
    expect(node.read(memory)).toBe(`${DATA} eui.nvme1n1\n`);

    node.reboot();
    node.write('dev/nvme1n1', ENCRYPTED);
    expect(node.run().result[0]).toBe('bound');
    expect(node.read(memory)).toBe(`${DATA} eui.nvme1n1\n`);
  });

  it('is refused again once it was given back', () => {
    node.table(ROW);
    node.run();
    node.run(['--release']);
    expect(node.read(memory)).toBe('');
    node.write('dev/nvme1n1', ENCRYPTED);
    const { status, output } = node.run();
    expect(output).toContain('nvme1n1 holds crypto_LUKS');
    expect(status).toBe(1);
  });

  it('is refused again once it was no longer listed, and the host could use it', () => {
    const other = `any ${OTHER} ${NVME} - - PHLJ2 - n`;
    node.table(serial, other);
    node.run();
    node.reboot();
    node.table(other);
    expect(node.run().result[0]).toBe('bound');
    expect(node.read(memory)).toBe(`${OTHER} eui.nvme2n1\n`);

    node.reboot();
    node.write('dev/nvme1n1', ENCRYPTED);
    node.write('dev/nvme2n1', ENCRYPTED);
    node.table(serial, other);
    const { status, output } = node.run();
    expect(output).toContain('nvme1n1 holds crypto_LUKS');
    expect(output).not.toContain('nvme2n1');
    expect(status).toBe(1);
  });

  it('is refused again once nothing was listed for the node', () => {
    node.table(serial);
    node.run();
    node.reboot();
    node.table('host=another 0000:77:00.0 8086:5845 - - - - n');
    node.run(['--check']);
    expect(node.read(memory)).toBe(`${DATA} eui.nvme1n1\n`);
    node.run();
    expect(node.read(memory)).toBe('');

    node.write('dev/nvme1n1', ENCRYPTED);
    node.table(serial);
    expect(node.run()).toMatchObject({
      status: 1,
      output: expect.stringContaining('nvme1n1 holds crypto_LUKS') as unknown,
    });
  });

  it('is looked at below its subsystem: a path of NVMe multipath is no disk', () => {
    const path = `${node.home(DATA)}/nvme/nvme1`;
    node.addDisk(path, 'nvme1c1n1', '0:0');
    node.write(`${path}/nvme1c1n1/hidden`, '1\n');
    node.remove('dev/nvme1c1n1');
    node.table(ROW);
    expect(node.run().result[0]).toBe('bound');
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

  it('is refused with its name whole, which a shell may read as a command', () => {
    node.addInterface(NIC, 'a\\c$(b)');
    node.link(`${node.home(NIC)}/net/a\\c$(b)/upper_bond0`, 'sys/devices/virtual/net/bond0');
    expectRefusal('interface a\\c$(b) is part of bond0', NIC);
  });

  it('is refused: it carries the default route, whatever its interface is called', () => {
    node.addInterface(NIC, '*\\to');
    node.write('proc/net/route', 'Iface Destination Gateway\n*\\to\t00000000\t0101A8C0\n');
    expectRefusal('interface *\\to carries the default route', NIC);
  });

  it('is refused: its only route is the default one of IPv6', () => {
    node.addInterface(NIC, 'eno1');
    node.write(
      'proc/net/ipv6_route',
      '00000000000000000000000000000000 00 0 00 20010db8000000000000000000000001 00000400 00000001 00000000 00000003     eno1\n',
    );
    expectRefusal('interface eno1 carries an IPv6 route', NIC);
  });

  it('is refused: its interface is in another network namespace', () => {
    expectRefusal('its network interface is in another network namespace', NIC);
  });

  describe('of which containers have something', () => {
    const inContainer = 'proc/812/root/sys/class/net';
    beforeEach(() => {
      node.addInterface(NIC, 'eno1');
      node.write('sys/class/net/eno1/ifindex', '3\n');
      for (const process of [1, 812]) {
        node.mountFor(process, node.read('proc/1/mountinfo').trimEnd());
        symlinkSync(`net:[${4026531000 + process}]`, join(node.root, `proc/${process}/ns/net`));
      }
    });

    it('is refused: its other port', () => {
      // as the kernel writes it: relative to the class, which is not to be followed outside of the container
      const port = `${node.home(NIC)}/net/net1`;
      node.write(`${port}/ifindex`, '4\n');
      node.write(`${port}/iflink`, '4\n');
      node.link(`${port}/device`, node.home(NIC));
      node.link(`${inContainer}/net1`, port);
      expectRefusal('a network interface of it is in another network namespace', NIC);
    });

    const addOver = (number: number, lower: number): void => {
      node.write(`${inContainer}/net1/ifindex`, `${number}\n`);
      node.write(`${inContainer}/net1/iflink`, `${lower}\n`);
    };

    it('is refused: a macvlan over it', () => {
      addOver(2, 3);
      expectRefusal('something is made over interface eno1 in another network namespace', NIC);
    });

    it('is bound: a container has a pipe where a number is read, which would be waited for', () => {
      addOver(2, 3);
      node.remove(`${inContainer}/net1/iflink`);
      spawnSync('mkfifo', [join(node.root, inContainer, 'net1/iflink')]);
      expect(node.run().result[0]).toBe('bound');
    });

    it.each([
      ['over another one', 2, 33],
      ['over none', 3, 3],
    ])('is bound: what is there is %s', (_where, number, lower) => {
      addOver(number, lower);
      expect(node.run().result[0]).toBe('bound');
    });
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

describe('a serial port', () => {
  it('is refused: the kernel’s console is on it', () => {
    node.add(NIC, { id: '9710:9922', class: '070002', driver: 'serial', group: 31 });
    node.write(`${node.home(NIC)}/tty/ttyS4/uevent`, 'DEVNAME=ttyS4\n');
    node.link('sys/class/tty/ttyS4', `${node.home(NIC)}/tty/ttyS4`);
    node.write('sys/class/tty/console/active', 'tty0 ttyS4\n');
    node.table(`any ${NIC} 9710:9922 - - - - serial`);
    expectRefusal('ttyS4 is the console of the kernel', NIC);

    node.write('sys/class/tty/console/active', 'tty0 ttyS0\n');
    expect(node.run().result[0]).toBe('bound');
  });
});

describe('a GPU that the host uses', () => {
  it('is refused: the firmware’s screen is in its memory, and no guest could have that', () => {
    node.add(GPU, { id: '10de:1eb8', class: '030000', group: 30 });
    node.table(`any ${GPU} 10de:1eb8 - - - - t4`);
    const iomem = (address: string): string =>
      [
        'c0000000-cfffffff : PCI Bus 0000:64',
        `  c0000000-c7ffffff : ${address}`,
        '    c0000000-c02fffff : BOOTFB',
      ].join('\n');
    node.write('proc/iomem', `${iomem(GPU)}\n  c8000000-c8ffffff : 0000:66:00.0\n`);
    expectRefusal("it shows the firmware's screen (BOOTFB): boot with initcall_blacklist=sysfb_init", GPU);

    node.write('proc/iomem', `  c8000000-c8ffffff : ${GPU}\n${iomem('0000:66:00.0')}\n`);
    expect(node.run().result[0]).toBe('bound');
  });

  it('is refused: a process has it open, and NVIDIA’s driver would wait for it', () => {
    node.add(GPU, { id: '10de:1eb8', class: '030200', driver: 'nvidia', group: 30 });
    node.write(`proc/driver/nvidia/gpus/${GPU}/information`, 'Model: \t Tesla T4\nDevice Minor: \t 2\n');
    node.open(99, 'nvidia-persist', '/dev/nvidia2');
    node.table(`any ${GPU} 10de:1eb8 - - - - t4`);
    expectRefusal('/dev/nvidia2 is open in process 99 nvidia-persist', GPU);
  });
});
