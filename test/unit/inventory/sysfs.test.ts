import { importCapture } from '../../../src/inventory';
import { SourceFile } from '../../../src/source';
import { toKernelArguments } from '../../../src/inventory/sysfs/kernel-arguments';
import { FakeMachine } from './fake-machine';
import { knownFacts } from './reading';

const GPU = '0000:65:00.0';

describe('a PCI function of a capture', () => {
  it('has every fact that sysfs shows', () => {
    const machine = new FakeMachine()
      .pci(GPU, {
        class: '030200',
        id: '10de:1eb8',
        driver: 'nvidia',
        group: 27,
        below: ['0000:64:00.0'],
        files: {
          subsystem_vendor: '0x10de\n',
          subsystem_device: '0x12a2\n',
          revision: '0xa1\n',
          numa_node: '1\n',
          boot_vga: '0\n',
          sriov_totalvfs: '16\n',
          sriov_numvfs: '4\n',
          reset_method: 'flr bus\n',
        },
      })
      .pci('0000:65:00.4', { physicalFunction: GPU })
      .link('sys/bus/pci/drivers/nvidia/module', 'sys/module/nvidia')
      .file('sys/module/nvidia/version', '570.124.03\n')
      .file(
        'sys/kernel/iommu_groups/27/reserved_regions',
        '0x00000000fee00000 0x00000000feefffff msi\n0x000000007b800000 0x000000007bffffff direct\n',
      );

    expect(knownFacts(machine.readFunction(GPU))).toEqual({
      class: '030200',
      id: '10de:1eb8',
      subsystem: '10de:12a2',
      revision: 'a1',
      driver: 'nvidia',
      driverVersion: '570.124.03',
      iommuGroup: 27,
      reservedRegions: [{ type: 'direct', start: '0x7b800000', end: '0x7bffffff' }],
      numaNode: 1,
      bridges: ['0000:64:00.0'],
      resetMethods: ['flr', 'bus'],
      totalVfs: 16,
      numVfs: 4,
      bootVga: false,
    });
    expect(machine.readFunction('0000:65:00.4').physicalFunction).toBe(GPU);
  });

  it('has nothing that sysfs does not show, or shows in a form that cannot be', () => {
    const machine = new FakeMachine()
      .file(`sys/bus/pci/devices/${GPU}/class`, '0xzz0200\n')
      .file(`sys/bus/pci/devices/${GPU}/vendor`, '10de\n')
      .file(`sys/bus/pci/devices/${GPU}/numa_node`, '-2\n')
      .file(`sys/bus/pci/devices/${GPU}/sriov_totalvfs`, 'many\n')
      .file(`sys/bus/pci/devices/${GPU}/boot_vga`, '__proto__\n')
      .rawLink(`sys/bus/pci/devices/${GPU}/iommu_group`, '../../../kernel/iommu_groups/x')
      .rawLink(`sys/bus/pci/devices/${GPU}/physfn`, '../card0');

    expect(knownFacts(machine.readFunction(GPU))).toEqual({});
  });

  it('has domains of more than four digits, and a NUMA node of -1', () => {
    const machine = new FakeMachine().pci('10000:e1:00.0', { files: { numa_node: '-1\n' } });

    expect(machine.readFunction('10000:e1:00.0')).toMatchObject({ numaNode: -1, bridges: [] });
  });

  it('has no driver only where that was seen', () => {
    const machine = new FakeMachine().pci(GPU, { driver: 'nvidia' }).pci('0000:66:00.0');
    const driver = (): unknown => machine.readFunction('0000:66:00.0').driver;

    expect(driver()).toBeUndefined();
    machine.file(`${machine.at('0000:66:00.0')}/uevent`, 'PCI_CLASS=30200\nPCI_ID=10DE:1EB8\n');
    expect(driver()).toBeNull();
    machine.file(`${machine.at('0000:66:00.0')}/uevent`, 'DRIVER=nouveau\nPCI_CLASS=30200\n');
    expect(driver()).toBe('nouveau');
    machine.entries.delete(`${machine.at('0000:66:00.0')}/uevent`);
    machine.collected();
    expect(driver()).toBeNull();
  });

  it('has no IOMMU group only where the collector looked', () => {
    const machine = new FakeMachine().pci(GPU).folder('sys/kernel/iommu_groups');

    expect(machine.readFunction(GPU).iommuGroup).toBeUndefined();
    expect(machine.read().machine.iommuEnabled).toBeUndefined();
    expect(machine.collected().readFunction(GPU).iommuGroup).toBeNull();
    expect(machine.read().machine.iommuEnabled).toBe(false);
  });

  it('has no group of vfio’s unsafe mode, which no IOMMU stands behind', () => {
    const machine = new FakeMachine().pci(GPU, { group: 0 }).file('sys/kernel/iommu_groups/0/name', 'vfio-noiommu\n');

    expect(machine.collected().readFunction(GPU).iommuGroup).toBeNull();
    expect(machine.read().machine.iommuEnabled).toBe(false);
  });

  it('has the serial of its disk, else the serial number of its configuration space', () => {
    const config = Buffer.alloc(4096);
    config.writeUInt16LE(0x8086, 0);
    config.writeUInt16LE(0x5845, 2);
    config.set([0x02, 0x02, 0x08, 0x01], 8);
    config.set([0x28, 0x10, 0x6b, 0x0a], 0x2c);
    // an extended capability in front, then the serial number
    config.writeUInt32LE((0x140 << 20) | 0x10001, 0x100);
    config.writeUInt32LE(0x00010003, 0x140);
    config.writeBigUInt64LE(0x00e04cfffe680001n, 0x144);
    const folder = `sys/bus/pci/devices/${GPU}`;
    const machine = new FakeMachine().file(`${folder}/config`, config);

    expect(knownFacts(machine.readFunction(GPU))).toEqual({
      class: '010802',
      id: '8086:5845',
      subsystem: '1028:0a6b',
      revision: '02',
      serial: '00-e0-4c-ff-fe-68-00-01',
    });
    machine.file(`${folder}/nvme/nvme0/serial`, 'BTLJ039  \n');
    expect(machine.readFunction(GPU).serial).toBe('BTLJ039');
    machine.file(`${folder}/config`, config.subarray(0, 64));
    machine.entries.delete(`${folder}/nvme/nvme0/serial`);
    expect(machine.readFunction(GPU)).toMatchObject({ revision: '02', serial: undefined });
  });

  it('has the mediated devices that its driver can make', () => {
    const machine = new FakeMachine().pci(GPU, { driver: 'nvidia' });
    const types = `${machine.at(GPU)}/mdev_supported_types`;
    machine
      .file(`${types}/nvidia-222/name`, 'GRID T4-1B\n')
      .file(`${types}/nvidia-222/available_instances`, '16\n')
      .file(`${types}/nvidia-1000/name`, 'GRID T4-16Q\n')
      .file(`${types}/nvidia-1000/available_instances`, '0\n')
      .file(`${types}/nvidia-1000/description`, 'num_heads=4, framebuffer=16384M, max_instance=1\n');

    expect(machine.readFunction(GPU).mdevTypes).toEqual([
      { id: 'nvidia-222', name: 'GRID T4-1B', instances: undefined },
      { id: 'nvidia-1000', name: 'GRID T4-16Q', instances: 1 },
    ]);
    // the collector shows what is made already: two of a type, or one of another
    machine.collected().folder(`${types}/nvidia-222/devices/a`).folder(`${types}/nvidia-222/devices/b`);
    expect(machine.readFunction(GPU).mdevTypes?.[0]?.instances).toBe(18);
    machine.folder(`${types}/nvidia-1000/devices/c`);
    expect(machine.readFunction(GPU).mdevTypes?.[0]?.instances).toBeUndefined();
  });

  it('has the vGPUs that its driver can make without mdev', () => {
    const machine = new FakeMachine().pci(GPU);
    machine.file(
      `${machine.at(GPU)}/nvidia/creatable_vgpu_types`,
      'ID    : vGPU Name\n1428  : NVIDIA H200X-141C\n1414  : NVIDIA H200X-1-18C\n',
    );

    expect(machine.readFunction(GPU).vgpuTypes).toEqual([
      { id: '1428', name: 'NVIDIA H200X-141C', instances: 1 },
      { id: '1414', name: 'NVIDIA H200X-1-18C', instances: 1 },
    ]);
  });

  it.each([
    ['1428\n', '1428'],
    ['0\n', null],
    ['what is this\n', undefined],
  ])('has the vGPU that is set, as the driver says: %j', (text, expected) => {
    const machine = new FakeMachine().pci(GPU, { driver: 'nvidia' });
    machine.file(`${machine.at(GPU)}/nvidia/current_vgpu_type`, text);

    expect(machine.readFunction(GPU).currentVgpuType).toBe(expected);
  });

  it('is known to have no vGPU where the collector found no such file on a virtual function', () => {
    const machine = new FakeMachine().pci(GPU, { driver: 'nvidia' });
    machine.link(`${machine.at(GPU)}/physfn`, '../0000:3b:00.0');

    expect(machine.readFunction(GPU).currentVgpuType).toBeUndefined();
    expect(machine.collected().readFunction(GPU).currentVgpuType).toBeNull();
  });

  it('stands in the order of the addresses, however many there are', () => {
    const machine = new FakeMachine();
    for (let i = 511; i >= 0; i--) {
      const device = (i >> 3) & 31;
      machine.pci(`0000:${(0x20 + (i >> 8)).toString(16)}:${device.toString(16).padStart(2, '0')}.${i & 7}`);
    }
    const addresses = machine.read().functions.map(({ address }) => address as string);

    expect(addresses).toHaveLength(512);
    expect(addresses).toEqual([...addresses].sort());
  });
});

describe('the machine of a capture', () => {
  const machine = (): FakeMachine => new FakeMachine().pci(GPU);

  it('has every fact that /proc and /sys show', () => {
    const full = machine()
      .link('sys/class/dmi/id', 'sys/devices/virtual/dmi/id')
      .file('sys/devices/virtual/dmi/id/product_uuid', '4C4C4544-0036-4A10-8052-B7C04F4E5133\n')
      .file('proc/cpuinfo', 'processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu lm vmx\n')
      .file('proc/cmdline', 'quiet intel_iommu=on iommu=pt\n')
      .file('proc/sys/kernel/hostname', 'n3\n')
      .file('proc/sys/kernel/osrelease', '5.14.0-570.el9.x86_64\n')
      .file('hostdev/kernel-config', 'CONFIG_VFIO=m\nCONFIG_VFIO_DEVICE_CDEV=y\nCONFIG_VFIO_PCI=m\n')
      .file('sys/devices/system/node/node1/cpulist', '16-31,48-63\n')
      .file('sys/devices/system/node/node1/meminfo', 'Node 1 MemTotal:       65929212 kB\n')
      .file('sys/devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages', '0\n')
      .file('sys/devices/system/node/node1/hugepages/hugepages-1048576kB/nr_hugepages', '16\n')
      .file('sys/devices/system/node/node0/cpulist', '\n')
      .file('sys/kernel/iommu_groups/1/type', 'DMA-FQ\n');

    expect(full.read().machine).toEqual({
      productUuid: '4c4c4544-0036-4a10-8052-b7c04f4e5133',
      hostName: 'n3',
      cpuVendor: 'intel',
      architecture: 'amd64',
      kernelRelease: '5.14.0-570.el9.x86_64',
      kernelArguments: ['quiet', 'intel_iommu=on', 'iommu=pt'],
      iommuEnabled: true,
      vfioPciBuiltIn: false,
      vfioDeviceCdev: true,
      numaNodes: [
        { node: 0, cpus: '', memoryMebibytes: undefined, hugepages: undefined },
        {
          node: 1,
          cpus: '16-31,48-63',
          memoryMebibytes: 64383,
          hugepages: [
            { size: '2Mi', count: 0 },
            { size: '1Gi', count: 16 },
          ],
        },
      ],
      usbDevices: undefined,
    });
  });

  it('has nothing that they do not show', () => {
    expect(Object.values(machine().read().machine).filter((fact) => fact !== undefined)).toEqual([]);
  });

  it.each([
    ['00000000-0000-0000-0000-000000000000', undefined],
    ['FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', undefined],
    ['Not Settable', undefined],
  ])('has no product UUID where the firmware says %s', (text, uuid) => {
    const full = machine().file('sys/class/dmi/id/product_uuid', `${text}\n`);

    expect(full.read().machine.productUuid).toBe(uuid);
  });

  it.each([
    ['vendor_id\t: AuthenticAMD\nflags\t\t: lm\n', 'amd', 'amd64'],
    ['processor\t: 0\nCPU implementer\t: 0x41\n', 'arm', undefined],
    ['vendor_id       : IBM/S390\n', undefined, undefined],
    ['vendor_id\t: CentaurHauls\nflags\t\t: almost\n', undefined, undefined],
  ])('has the vendor of its CPUs: %j', (cpuinfo, cpuVendor, architecture) => {
    expect(machine().file('proc/cpuinfo', cpuinfo).read().machine).toMatchObject({ cpuVendor, architecture });
  });

  it('knows that vfio-pci is built in by the list of modules, or by a module that nobody loaded', () => {
    const release = (): FakeMachine => machine().file('proc/sys/kernel/osrelease', '6.1.0\n');
    const builtIn = (full: FakeMachine): unknown => full.read().machine.vfioPciBuiltIn;
    const list = 'lib/modules/6.1.0/modules.builtin';

    expect(builtIn(release())).toBeUndefined();
    expect(builtIn(release().file(list, 'kernel/drivers/vfio/pci/vfio-pci.ko\n'))).toBe(true);
    expect(builtIn(release().file(list, 'kernel/drivers/vfio/pci/vfio-pci-core.ko\n'))).toBe(false);
    expect(builtIn(machine().file('sys/module/vfio_pci/initstate', 'live\n'))).toBe(false);
    expect(builtIn(machine().folder('sys/module/vfio_pci'))).toBeUndefined();
    expect(builtIn(machine().folder('sys/module/vfio_pci').collected())).toBe(true);
  });

  it('has the USB devices that are plugged in, not the hubs', () => {
    const full = machine().pci('0000:00:14.0', { class: '0c0330' });
    const bus = `${full.at('0000:00:14.0')}/usb1`;
    full
      .link('sys/bus/usb/devices/usb1', bus)
      .file(`${bus}/bDeviceClass`, '09\n')
      .link('sys/bus/usb/devices/1-2', `${bus}/1-2`)
      .file(`${bus}/1-2/bDeviceClass`, '09\n')
      .link('sys/bus/usb/devices/1-2.4', `${bus}/1-2/1-2.4`)
      .file(`${bus}/1-2/1-2.4/bDeviceClass`, '00\n')
      .file(`${bus}/1-2/1-2.4/idVendor`, '46F4\n')
      .file(`${bus}/1-2/1-2.4/idProduct`, '0001\n')
      .file(`${bus}/1-2/1-2.4/manufacturer`, 'QEMU\n')
      .file(`${bus}/1-2/1-2.4/product`, 'QEMU USB HARDDRIVE\n')
      .link('sys/bus/usb/devices/1-2.4:1.0', `${bus}/1-2/1-2.4/1-2.4:1.0`);

    expect(full.read().machine.usbDevices).toEqual([
      {
        port: '1-2.4',
        vendor: '46f4',
        product: '0001',
        serial: undefined,
        name: 'QEMU QEMU USB HARDDRIVE',
        controller: '0000:00:14.0',
      },
    ]);
  });
});

describe('the words of a kernel command line', () => {
  it.each([
    ['quiet  iommu=pt\tro', ['quiet', 'iommu=pt', 'ro']],
    ['dyndbg="file a +p" x', ['dyndbg="file a +p"', 'x']],
    ['"a b=c d" x', ['"a b=c d"', 'x']],
    ['open="never closed', ['open="never closed']],
    ['a -- --token secret', ['a']],
    ['rd.iscsi.password=s3 talos.config=https://u:p@h/c', ['rd.iscsi.password=<redacted>', 'talos.config=<redacted>']],
    ['netroot=iscsi:u:p@10.0.0.1::::iqn root=UUID=1-2', ['netroot=<redacted>', 'root=UUID=1-2']],
    ['systemd.setenv=A=B api_KEY="a b" token=', ['systemd.setenv=<redacted>', 'api_KEY=<redacted>', 'token=']],
  ])('%j', (line, words) => {
    expect(toKernelArguments(line)).toEqual(words);
  });

  it('are found in time that grows with the length', () => {
    expect(toKernelArguments(`${'"'.repeat(50_001)}${'a='.repeat(50_000)}`).length).toBeGreaterThan(0);
  });
});

describe('importing a capture', () => {
  const machine = new FakeMachine()
    .pci('0000:5e:00.0', { driver: 'nvme', group: 15, below: ['0000:5d:00.0'], files: { reset_method: '' } })
    .pci('0000:5f:00.0', { driver: 'nvme', group: 16 })
    .nvme(0, '0000:5e:00.0', 2)
    .nvme(1, '0000:5f:00.0')
    .mounts('/ nvme0n1p2')
    .file('proc/sys/kernel/hostname', 'node03\n')
    .file('proc/cmdline', 'root=/dev/nvme0n1p2 intel_iommu=on console=ttyS0,115200n8 quiet\n')
    .file('sys/devices/system/node/node0/cpulist', '0-15\n')
    .collected();
  const load = (existing?: string): ReturnType<typeof importCapture> => {
    return importCapture({
      file: 'node03.tar.gz',
      capture: machine.source(),
      node: 'node03',
      ...(existing === undefined ? {} : { existing: new SourceFile('inventory/node03.yaml', existing) }),
    });
  };

  it('writes an inventory with one function per line', () => {
    expect(load()).toMatchObject({ problems: [] });
    expect(load().text).toMatchGolden('inventory/node03-capture.yaml');
  });

  it('gives the same bytes over its own file, and keeps what people added', () => {
    const text = load().text ?? '';
    const edited = text.replace('hostUse: []', 'hostUse: [{ kind: other, reason: Ceph OSD }]');

    expect(edited).not.toBe(text);
    expect(load(text)).toMatchObject({ text, problems: [] });
    expect(load(edited)).toMatchObject({ text: edited, problems: [] });
  });

  it('replaces what an earlier import saw', () => {
    const text = load().text ?? '';
    const stale = text.replace('reason: / on nvme0n1p2', 'reason: / on nvme7n1p2');

    expect(stale).not.toBe(text);
    expect(load(stale).text).toBe(text);
  });
});
