import { FakeMachine } from './fake-machine';

const DISK = '0000:5e:00.0';
const OTHER = '0000:5f:00.0';
const PORT = '0000:5d:00.0';
const NIC = '0000:18:00.0';
const NIC2 = '0000:18:00.1';

function withDisks(partitions = 4): FakeMachine {
  return new FakeMachine()
    .pci(DISK, { driver: 'nvme', below: [PORT] })
    .pci(OTHER, { driver: 'nvme' })
    .nvme(0, DISK, partitions)
    .nvme(1, OTHER, 2);
}

function withNics(): FakeMachine {
  const machine = new FakeMachine()
    .pci(NIC, { class: '020000', driver: 'i40e', below: ['0000:17:00.0'] })
    .pci(NIC2, { class: '020000', driver: 'i40e', below: ['0000:17:00.0'] });
  return machine.net('ens1f0', machine.at(NIC)).net('ens1f1', machine.at(NIC2)).mounts('/ overlay');
}

const ADDRESS = (name: string): string =>
  `4: ${name}    inet 192.0.2.10/24 brd 192.0.2.255 scope global ${name}\\ valid\n`;

describe('storage that the host uses', () => {
  it('is found from the root file system, /boot, swap, and the container storage, to the function', () => {
    const machine = withDisks()
      .mounts('/ nvme0n1p4', '/boot nvme0n1p3', '/boot/efi nvme0n1p2', '/var/lib/containers nvme1n1p1')
      .swaps('/dev/nvme1n1p2')
      .collected();

    expect(machine.usesOf(DISK)).toEqual([
      'root-disk: / on nvme0n1p4',
      'boot: /boot on nvme0n1p3',
      'boot: /boot/efi on nvme0n1p2',
    ]);
    expect(machine.usesOf(OTHER)).toEqual([
      'swap: swap on nvme1n1p2',
      'container-storage: /var/lib/containers on nvme1n1p1',
    ]);
    // a bridge cannot be handed over, so nothing is said of it
    expect(machine.usesOf(PORT)).toBeUndefined();
  });

  it('is none where everything was seen and nothing found, and unknown otherwise', () => {
    const seen = (facts: Record<string, string>): unknown => {
      return withDisks().mounts('/ nvme0n1p4').collected(facts).usesOf(OTHER);
    };

    expect(seen({})).toEqual([]);
    expect(seen({ collector: 'version 1\nuser 1000\npid-namespace pid:[4026531836]\n' })).toBeUndefined();
    expect(seen({ collector: 'version 1\nuser 0\npid-namespace pid:[4026532001]\n' })).toBeUndefined();
    expect(seen({ collector: 'version 1\nuser 0\npid-namespace \n' })).toBeUndefined();
    expect(withDisks().mounts('/ nvme0n1p4').usesOf(OTHER)).toBeUndefined();
    expect(withDisks().mounts('/ nvme0n1p4').usesOf(DISK)).toEqual(['root-disk: / on nvme0n1p4']);
  });

  it.each(['proc/1/mountinfo', 'proc/swaps', 'hostdev/open-blocks'])('is unknown without %s', (path) => {
    const machine = withDisks().mounts('/ nvme0n1p4').collected();
    machine.entries.delete(path);

    expect(machine.usesOf(OTHER)).toBeUndefined();
  });

  it('is unknown of every disk where a ZFS pool is in use', () => {
    expect(withDisks().mounts('/ nvme0n1p4', '/tank tank zfs').collected().usesOf(OTHER)).toBeUndefined();
    expect(withDisks().mounts('/ nvme0n1p4').folder('sys/module/zfs').collected().usesOf(OTHER)).toBeUndefined();
  });

  it('is followed through LUKS, LVM, and md, over every disk of an array', () => {
    const machine = withDisks()
      .made('md127', ['nvme0n1p2', 'nvme1n1p2'])
      .made('dm-0', ['md127'], 'luks-root')
      .made('dm-1', ['dm-0'], 'rhel-root')
      .mounts('/ dm-1')
      .collected();

    expect(machine.usesOf(DISK)).toEqual([
      'root-disk: / on dm-1 (rhel-root) on dm-0 (luks-root) on md127 on nvme0n1p2',
    ]);
    expect(machine.usesOf(OTHER)).toEqual([
      'root-disk: / on dm-1 (rhel-root) on dm-0 (luks-root) on md127 on nvme1n1p2',
    ]);
  });

  it('is followed through multipath to both host bus adapters', () => {
    const machine = new FakeMachine()
      .pci(DISK, { class: '0107', driver: 'mpt3sas' })
      .pci(OTHER, { class: '0107', driver: 'mpt3sas' });
    machine
      .disk('sda', `${machine.at(DISK)}/host0/target0:0:0/0:0:0:0/block`)
      .disk('sdb', `${machine.at(OTHER)}/host1/target1:0:0/1:0:0:0/block`)
      .made('dm-0', ['sda', 'sdb'], 'mpatha')
      .made('dm-1', ['dm-0'], 'mpatha3')
      .mounts('/ dm-1')
      .collected();

    expect(machine.usesOf(DISK)).toEqual(['root-disk: / on dm-1 (mpatha3) on dm-0 (mpatha) on sda']);
    expect(machine.usesOf(OTHER)).toEqual(['root-disk: / on dm-1 (mpatha3) on dm-0 (mpatha) on sdb']);
  });

  it('is followed through native NVMe multipath, where the path of the disk names no function', () => {
    const machine = new FakeMachine().pci(DISK, { driver: 'nvme' }).pci(OTHER, { driver: 'nvme' });
    const subsystem = 'sys/devices/virtual/nvme-subsystem/nvme-subsys0';
    machine.link('sys/class/nvme-subsystem/nvme-subsys0', subsystem).disk('nvme0n1', subsystem, 2);
    for (const [i, address] of [DISK, OTHER].entries()) {
      machine.file(`${machine.at(address)}/nvme/nvme${i}/serial`, 'S1\n');
      machine.link(`${subsystem}/nvme${i}`, `${machine.at(address)}/nvme/nvme${i}`);
    }
    machine.mounts('/ nvme0n1p2').collected();

    expect(machine.usesOf(DISK)).toEqual(['root-disk: / on nvme0n1p2']);
    expect(machine.usesOf(OTHER)).toEqual(['root-disk: / on nvme0n1p2']);
  });

  it('is of the controller above it as well, behind VMD', () => {
    const machine = new FakeMachine().pci('0000:00:0e.0', { class: '0104', id: '8086:467f', driver: 'vmd' });
    const behind = '10000:e1:00.0';
    const folder = `${machine.at('0000:00:0e.0')}/pci10000:e0/10000:e0:06.0/${behind}`;
    machine
      .link(`sys/bus/pci/devices/${behind}`, folder)
      .file(`${folder}/class`, '0x010802\n')
      .disk('nvme0n1', `${folder}/nvme/nvme0`)
      .mounts('/ nvme0n1')
      .collected();

    expect(machine.usesOf(behind)).toEqual(['root-disk: / on nvme0n1']);
    expect(machine.usesOf('0000:00:0e.0')).toEqual(['root-disk: / on nvme0n1']);
    expect(machine.readFunction(behind).bridges).toEqual(['0000:00:0e.0', '10000:e0:06.0']);
  });

  it('is of all disks of a btrfs, whose mount names one', () => {
    const machine = withDisks().mounts('/ /dev/nvme0n1p4 btrfs');
    for (const name of ['nvme0n1p4', 'nvme1n1p1']) {
      machine.link(`sys/fs/btrfs/2d1c/devices/${name}`, machine.at(`block ${name}`));
    }

    expect(machine.usesOf(DISK)).toEqual(['root-disk: / on nvme0n1p4']);
    expect(machine.usesOf(OTHER)).toEqual(['root-disk: / on nvme1n1p1']);
  });

  it('is followed through loop devices and swap files to the disk of the file', () => {
    const machine = withDisks().mounts('/ nvme0n1p4', '/srv nvme1n1p1', '/media loop0').swaps('/srv/swap.img');
    const loop = 'sys/devices/virtual/block/loop0';
    machine.disk('loop0', 'sys/devices/virtual/block').file(`${loop}/loop/backing_file`, '/srv/disk image.iso\n');
    machine.mounts('/ nvme0n1p4', '/srv nvme1n1p1', '/media loop0').collected();

    expect(machine.usesOf(OTHER)).toEqual([
      'swap: swap file /srv/swap.img on nvme1n1p1',
      'other: /srv on nvme1n1p1',
      'other: /media on loop0 on nvme1n1p1',
    ]);
  });

  it('names the root on a composefs by /sysroot, and what holds the containers by its mount', () => {
    const machine = withDisks()
      .mounts('/ composefs overlay', '/etc nvme0n1p4', '/sysroot nvme0n1p4', '/var nvme1n1p1', '/usr nvme0n1p4')
      .folder('var/lib/containers')
      .collected();

    expect(machine.usesOf(DISK)).toEqual(['root-disk: /sysroot on nvme0n1p4']);
    expect(machine.usesOf(OTHER)).toEqual(['container-storage: /var on nvme1n1p1']);
  });

  it('follows a container storage that is a link to another disk', () => {
    const machine = withDisks()
      .mounts('/ nvme0n1p4', '/data nvme1n1p1')
      .rawLink('var/lib/containerd', '/data/containerd')
      .folder('data/containerd')
      .collected();

    expect(machine.usesOf(OTHER)).toEqual(['container-storage: /data on nvme1n1p1']);
  });

  it('knows volumes of pods, also those that are devices, without their names', () => {
    const machine = withDisks()
      .mounts(
        '/ nvme0n1p4',
        '/var/lib/kubelet/pods/1/volumes/a nvme1n1p1',
        '/var/lib/kubelet/pods/2/volume-subpaths/b nvme0n1p4',
        '/var/lib/kubelet/plugins/kubernetes.io/csi/volumeDevices/c udev devtmpfs /nvme1n1p2',
      )
      .collected();

    expect(machine.usesOf(OTHER)).toEqual([
      'other: volumes of pods on nvme1n1p1',
      'other: volumes of pods on nvme1n1p2',
    ]);
    expect(machine.usesOf(DISK)).toEqual(['root-disk: / on nvme0n1p4']);
  });

  it('knows disks that nobody mounted: held by others, open in a process, mounted in a container', () => {
    const held = withDisks().made('dm-3', ['nvme1n1'], 'ceph--block').mounts('/ nvme0n1p4').collected();
    const machine = withDisks().mounts('/ nvme0n1p4');
    const number = machine.numberOf('nvme1n1') ?? '';

    expect(held.usesOf(OTHER)).toEqual(['other: dm-3 (ceph--block) on nvme1n1']);
    expect(machine.collected({ 'open-blocks': `${number} ceph-osd\n` }).usesOf(OTHER)).toEqual([
      'other: open in ceph-osd on nvme1n1',
    ]);
    expect(
      machine.collected({ 'container-mounts': `0 0 ${number} / /data rw - xfs /dev/x rw\n` }).usesOf(OTHER),
    ).toEqual(['other: mounted in a container on nvme1n1']);
  });

  it('survives a capture whose devices are made of each other', () => {
    const machine = withDisks().made('dm-0', ['nvme0n1p1'], 'a').made('dm-1', ['dm-0'], 'b');
    machine.link('sys/devices/virtual/block/dm-0/slaves/dm-1', 'sys/devices/virtual/block/dm-1');

    expect(machine.mounts('/ dm-1').collected().read().functions).toHaveLength(3);
  });
});

describe('the network that the host is reached through', () => {
  it('is the function under the default route and under every address', () => {
    const machine = withNics().collected({
      'ip-route4': 'default via 192.0.2.1 dev ens1f0 proto dhcp metric 100 \n',
      'ip-addr': `1: lo    inet 127.0.0.1/8 scope host lo\\ valid\n${ADDRESS('ens1f1')}`,
    });

    expect(machine.usesOf(NIC)).toEqual(['management-nic: default route on ens1f0']);
    expect(machine.usesOf(NIC2)).toEqual(['management-nic: address on ens1f1']);
  });

  it('is not a NIC with a link-local address only', () => {
    const machine = withNics().collected({
      'ip-addr': '4: ens1f0    inet6 fe80::1/64 scope link \\ valid\n',
      'ip-route6': 'fe80::/64 dev ens1f0 proto kernel metric 256 pref medium\n',
    });

    expect(machine.usesOf(NIC)).toEqual([]);
  });

  it('is followed through bridges, VLANs, and bonds to every port', () => {
    const virtual = 'sys/devices/virtual';
    const machine = withNics()
      .net('bond0', virtual, ['ens1f0', 'ens1f1'])
      .net('bond0.100', virtual, ['bond0'])
      .net('br0', virtual, ['bond0.100'])
      .collected({ 'ip-route4': 'default via 192.0.2.1 dev br0 \n' });

    expect(machine.usesOf(NIC)).toEqual(['management-nic: default route on br0 on bond0.100 on bond0 on ens1f0']);
    expect(machine.usesOf(NIC2)).toEqual(['management-nic: default route on br0 on bond0.100 on bond0 on ens1f1']);
  });

  it('is followed through bonds and VLANs of old kernels, which have no links for them', () => {
    const machine = withNics().net('bond0', 'sys/devices/virtual').net('vlan7', 'sys/devices/virtual');
    machine
      .file('sys/devices/virtual/net/bond0/bonding/slaves', 'ens1f0 ens1f1\n')
      .file('proc/1/net/vlan/config', 'VLAN Dev name\t | VLAN ID\nName-Type: X\nvlan7          | 7  | bond0\n')
      .collected({ 'ip-addr': ADDRESS('vlan7') });

    expect(machine.usesOf(NIC2)).toEqual(['management-nic: address on vlan7 on bond0 on ens1f1']);
  });

  it('reaches a physical function through the virtual one that carries the address', () => {
    const machine = withNics().pci('0000:18:02.0', {
      class: '020000',
      driver: 'iavf',
      physicalFunction: NIC,
    });
    machine.net('ens1f0v0', machine.at('0000:18:02.0')).collected({ 'ip-addr': ADDRESS('ens1f0v0') });

    expect(machine.usesOf('0000:18:02.0')).toEqual(['management-nic: address on ens1f0v0']);
    expect(machine.usesOf(NIC)).toEqual(['management-nic: address on ens1f0v0, virtual function 0000:18:02.0']);
    expect(machine.usesOf(NIC2)).toEqual([]);
  });

  it('takes all ways of a multipath route', () => {
    const machine = withNics().collected({
      'ip-route6':
        'default proto static metric 1024 pref medium\\\tnexthop via fe80::1 dev ens1f0 weight 1 \\\tnexthop via fe80::2 dev ens1f1 weight 1 \n',
    });

    expect(machine.usesOf(NIC)).toEqual(['management-nic: default route on ens1f0']);
    expect(machine.usesOf(NIC2)).toEqual(['management-nic: default route on ens1f1']);
  });

  it('is a port of Open vSwitch where the address is on a port of the switch itself', () => {
    const machine = withNics().net('ovs-system', 'sys/devices/virtual').net('br-ex', 'sys/devices/virtual');
    machine
      .link(`${machine.at('ens1f0')}/master`, machine.at('ovs-system'))
      .collected({ 'ip-route4': 'default via 192.0.2.1 dev br-ex \n' });

    expect(machine.usesOf(NIC)).toEqual(['management-nic: ovs-system on ens1f0']);
    expect(machine.usesOf(NIC2)).toEqual([]);
  });

  it('is read from /proc where there is no `ip`, and then nothing is known to be unused', () => {
    const machine = withNics().file(
      'proc/1/net/route',
      'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\nens1f0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n',
    );
    machine.collected();
    for (const name of ['ip-addr', 'ip-route4', 'ip-route6']) machine.entries.delete(`hostdev/${name}`);

    expect(machine.usesOf(NIC)).toEqual(['management-nic: default route on ens1f0']);
    expect(machine.usesOf(NIC2)).toBeUndefined();
    expect(machine.read().problems.flatMap(({ notes }) => notes)).toEqual([
      'the collector found no program `ip` that shows the host’s addresses and routes',
    ]);
  });

  it('knows a port of a bridge for guests, and an interface that a pod has', () => {
    const machine = withNics().net('br1', 'sys/devices/virtual', ['ens1f0']);
    machine.entries.delete('sys/class/net/ens1f1');
    machine.collected();

    expect(machine.usesOf(NIC)).toEqual(['other: br1 on ens1f0']);
    expect(machine.usesOf(NIC2)).toEqual(['other: its interface is in another network namespace']);
  });

  it('does not miss an interface of functions that have none under their driver', () => {
    for (const driver of ['vfio-pci', 'mlx5-vfio-pci', 'pci-stub']) {
      const machine = new FakeMachine().pci(NIC, { class: '020000', driver }).mounts('/ overlay').collected();

      expect(machine.usesOf(NIC)).toEqual([]);
    }
  });
});

describe('other programs and consoles', () => {
  const vfio = (): FakeMachine => {
    return new FakeMachine().pci(NIC, { class: '020000', driver: 'vfio-pci', group: 15 }).mounts('/ overlay');
  };

  it('tells a switch that has a NIC through VFIO from a guest', () => {
    expect(vfio().collected({ 'open-vfio': '15 qemu-kvm\n' }).usesOf(NIC)).toEqual([]);
    expect(vfio().collected({ 'open-vfio': '15 ovs-vswitchd\n' }).usesOf(NIC)).toEqual([
      'other: open in ovs-vswitchd through VFIO',
    ]);
    expect(vfio().collected({ 'open-vfio': '16 ovs-vswitchd\n' }).usesOf(NIC)).toEqual([]);
    const machine = vfio().collected({ 'open-vfio': 'devices/vfio0 spdk_tgt\n' });
    machine.folder(`${machine.at(NIC)}/vfio-dev/vfio0`);
    expect(machine.usesOf(NIC)).toEqual(['other: open in spdk_tgt through VFIO']);
  });

  it('does not know who has a device through uio', () => {
    const machine = new FakeMachine().pci(NIC, { class: '020000', driver: 'uio_pci_generic' });

    expect(machine.mounts('/ overlay').collected().usesOf(NIC)).toBeUndefined();
  });

  it('finds the function of a serial console', () => {
    const machine = new FakeMachine().pci('0000:00:16.3', { class: '070002', driver: 'serial' });
    machine
      .link('sys/class/tty/ttyS4', `${machine.at('0000:00:16.3')}/tty/ttyS4`)
      .link('sys/class/tty/console', 'sys/devices/virtual/tty/console')
      .file('sys/devices/virtual/tty/console/active', 'tty0 ttyS4\n');

    expect(machine.usesOf('0000:00:16.3')).toEqual(['console: ttyS4']);
  });
});
