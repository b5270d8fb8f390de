import { guestOutput, ignitionArtefacts } from './artefacts';
import { AT, boot, driversOf, seen, type GuestResult } from './guest';
import { PROGRAM, replaceTable } from './programs';
import { describeKernel } from './suite';

const CHOSEN = [AT.data1, AT.gpu, AT.audio, AT.nic, AT.shared1, AT.shared2];
const NVME = { ids: ['1b36:0010'], class: '0108' };
/** One wrong row of every kind. */
const ONE_OF_EACH = `
pvcreate -q -y /dev/disk/by-path/pci-${AT.data1}-nvme-1 > /dev/null && vgcreate -q spare /dev/disk/by-path/pci-${AT.data1}-nvme-1 > /dev/null
udevadm settle
${replaceTable(
  { address: AT.boot, ...NVME },
  { address: AT.uplink, ids: ['8086:10d3'] },
  { address: AT.data1, ...NVME, serial: 'DATA1' },
  { address: AT.data2, ...NVME, serial: 'OTHER' },
  { address: AT.data3, ids: ['8086:5845'] },
  { address: AT.gpu, ids: ['1234:1111'] },
  { address: AT.shared1, ids: ['8086:100e'] },
  { address: AT.bridge, ids: ['1b36:000e'] },
  { address: '0000:77:00.0', ids: ['8086:5845'] },
)}
${PROGRAM}
echo status $?
state`;

/** Disks in use by things that the host's own mounts do not show. */
const IN_USE = `
lvcreate -q -y -n lv -l 50%FREE spare > /dev/null
mkfs.ext4 -q /dev/disk/by-path/pci-${AT.data2}-nvme-1
mkfs.ext4 -q /dev/disk/by-path/pci-${AT.data3}-nvme-1
unshare -m sh -c 'mount /dev/disk/by-path/pci-${AT.data2}-nvme-1 /mnt && touch /run/mounted && sleep 1000' &
until [ -e /run/mounted ]; do sleep 1; done
udevadm settle
${replaceTable(
  { address: AT.data1, ...NVME, serial: 'DATA1' },
  { address: AT.data2, ...NVME, serial: 'DATA2' },
  { address: AT.data3, ...NVME },
)}
${PROGRAM}
echo status $?
${replaceTable({ address: AT.data3, ...NVME, serial: 'DATA3' })}
${PROGRAM}
echo status $?
state`;

/** A container that has a disk open by a name of its own. */
const RENAMED = `
${PROGRAM} --release
udevadm settle
unshare -m sh -c 'set -- $(stat -L -c "0x%t 0x%T" /dev/disk/by-path/pci-${AT.data3}-nvme-1)
mount -t tmpfs none /dev && mknod /dev/xvda b $1 $2 && exec 7< /dev/xvda && touch /run/opened && sleep 1000' &
until [ -e /run/opened ]; do sleep 1; done
${PROGRAM}
echo status $?`;

describeKernel('an AMD machine that Ignition set up, with its root on a partition', ({ cache }) => {
  let guest: GuestResult;
  let refused: readonly string[];
  beforeAll(async () => {
    guest = await boot(cache, {
      iommu: 'amd',
      root: 'partition',
      ...ignitionArtefacts(guestOutput('ignition', 'amd')),
      steps: {
        booted: 'state',
        usable: `vfio-check ${CHOSEN.join(' ')}`,
        release: `${PROGRAM} --release; udevadm settle`,
        each: ONE_OF_EACH,
        used: IN_USE,
        renamed: RENAMED,
      },
    });
    refused = guest.step('each').lines.map((line) => line.replace(`${PROGRAM}: `, ''));
  });

  it('binds what was declared, with the IOMMU on', () => {
    expect(guest.trouble).toBe('');
    console.info(`booted, checked and powered off in ${guest.seconds.toFixed(0)} s`);
    expect(seen(guest.step('booted')).groups).toBe(19);
    expect(driversOf(guest.step('booted'), [...CHOSEN, AT.boot, AT.uplink])).toEqual([
      ...CHOSEN.map(() => 'vfio-pci'),
      'nvme',
      'e1000e',
    ]);
    expect(guest.step('usable').lines).toEqual(
      CHOSEN.map(() => expect.stringContaining(' usable regions=') as unknown),
    );
  });

  it.each([
    ['the boot disk', `${AT.boot}: refused: nvme0n1p1 is mounted on /`],
    ['the NIC with the default route', `${AT.uplink}: refused: interface enp8s0 carries the default route`],
    ["the node's own address", `${AT.uplink}: refused: interface enp8s0 has address 192.0.2.10/24`],
    ['an LVM physical volume that is in no use', `${AT.data1}: refused: nvme1n1 holds LVM2_member, which may be`],
    ['a drive with another serial', `${AT.data2}: refused: its serial is DATA2 but OTHER is declared`],
    ['a swapped card', `${AT.data3}: refused: it is 1b36:0010, 8086:5845 is declared`],
    ['a GPU without its audio', `${AT.gpu}: refused: ${AT.audio}, in the same IOMMU group, stays on snd_hda_intel`],
    ['one of two behind a bridge', `${AT.shared1}: refused: ${AT.shared2}, in the same IOMMU group, stays on e1000`],
    ['a bridge', `${AT.bridge}: refused: it is a bridge`],
    ['what is not there', '0000:77:00.0: refused: there is no such device'],
  ])('refuses %s', (_what, reason) => {
    expect(refused.filter((line) => line.startsWith(reason))).toHaveLength(1);
  });

  it('binds nothing of a list with a refusal in it', () => {
    expect(refused).toContain('status 1');
    expect([...seen(guest.step('each')).functions].filter(([, { driver }]) => driver === 'vfio-pci')).toEqual([]);
  });

  it('refuses disks that LVM holds, that a container has mounted, and that nobody named', () => {
    const lines = guest.step('used').lines.map((line) => line.replace(`${PROGRAM}: `, ''));
    expect(lines.slice(0, lines.indexOf('status 1'))).toEqual([
      expect.stringMatching(`^${AT.data1}: refused: nvme1n1 is held by dm-0 spare-lv`),
      `${AT.data2}: refused: nvme2n1 is mounted on /mnt`,
      expect.stringMatching(
        `^${AT.data3}: refused: nvme3n1 holds ext4, which may be the host's. If a guest wrote it: echo `,
      ),
      'result: refused',
    ]);
    // the same disk, named by its serial
    expect(lines).toContain(`${AT.data3}: bound to vfio-pci, was on nvme`);
    expect(driversOf(guest.step('used'), [AT.data3])).toEqual(['vfio-pci']);
  });

  it('refuses a disk that a container has open by another name', () => {
    expect(guest.step('renamed').lines).toContainEqual(
      expect.stringMatching(`${AT.data3}: refused: /dev/nvme3n1 is open in process [0-9]+ sh`),
    );
    expect(guest.step('renamed').lines).toContain('status 1');
  });
});
