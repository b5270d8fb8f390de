import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCloudConfig } from '../support/cloud-config';
import { byHand, guestOutput } from './artefacts';
import { AT, boot, copyDisk, driversOf, seen, type GuestResult } from './guest';
import { PROGRAM, replaceTable, unitState } from './programs';
import { describeKernel } from './suite';

const CHOSEN = [AT.data1, AT.gpu, AT.audio, AT.nic, AT.shared1, AT.shared2];
const OTHERS = [AT.boot, AT.data2, AT.data3, AT.uplink];

/** The lines of grub.cfg that start Debian, without the one for repairs. */
const GRUB_LINES = `awk '$1 == "linux" && !/ single/ { print }' /boot/grub/grub.cfg`;

/**
 * A command that sees the command line as GRUB would have given it. The machine's own begins with `intel_iommu=off`, which is why
 * nothing but the installer's arguments can bring IOMMU groups; the installer refuses a node like that.
 */
function asStartedByGrub(command: string): string {
  return `sed 's/ intel_iommu=off\\>//' /proc/cmdline > /run/cmdline
unshare -m sh -c 'mount --bind /run/cmdline /proc/cmdline && exec ${command}'`;
}

/** What cloud-init does with user data, as a script: files first, then commands. */
function asCloudInit(text: string): { readonly files: string; readonly commands: string; readonly condition: string } {
  const { files, commands, condition } = readCloudConfig(text);
  return {
    files: files
      .map(
        ({ path, mode, owner, text: content }) => `mkdir -p ${path.slice(0, path.lastIndexOf('/'))}
base64 -d > ${path} << 'END'
${Buffer.from(content).toString('base64')}
END
chmod ${mode.toString(8)} ${path}
chown ${owner} ${path}`,
      )
      .join('\n'),
    commands: commands.join('\n'),
    condition,
  };
}

/** The words of the only line that GRUB would start Debian with. */
function grubWords(lines: readonly string[]): string[] {
  const [line = ''] = lines;
  expect(new Set(lines.map((one) => one.trim()))).toEqual(new Set([line.trim()]));
  // behind the command and the kernel's file
  return line
    .trim()
    .split(/\s+/)
    .slice(2)
    .filter((word) => !word.startsWith('root='));
}

describeKernel('Debian nodes that the installer prepares', ({ cache }) => {
  const folder = mkdtempSync(join(tmpdir(), 'hostdev-debian-'));
  let installed: GuestResult;
  let second: GuestResult;
  let third: GuestResult;
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeAll(async () => {
    const disk = copyDisk(cache, join(folder, 'disk.img'));
    const userData = asCloudInit(byHand(guestOutput('cloud-init', 'amd'), 'user-data.yaml'));
    installed = await boot(cache, {
      iommu: 'intel',
      disk,
      isInstalledOnly: true,
      files: [{ path: '/root/install.sh', mode: 0o644, text: byHand(guestOutput('linux', 'intel'), 'install.sh') }],
      steps: {
        booted: 'state',
        'without-grub': asStartedByGrub('sh /root/install.sh'),
        debian: `update-grub > /dev/null 2>&1 && ${GRUB_LINES}`,
        off: 'sh /root/install.sh',
        check: asStartedByGrub('sh /root/install.sh --check'),
        // a run that is killed while the boot loader's configuration is made, and the one that completes it
        killed: `mv /usr/sbin/update-grub /usr/sbin/update-grub.real
printf '#!/bin/sh\\nkill -9 $PPID\\n' > /usr/sbin/update-grub && chmod 0755 /usr/sbin/update-grub
${asStartedByGrub('sh /root/install.sh')}
echo status $?
mv /usr/sbin/update-grub.real /usr/sbin/update-grub`,
        install: asStartedByGrub('sh /root/install.sh'),
        line: GRUB_LINES,
        initramfs: 'cat /var/log/update-initramfs',
      },
    });
    if (installed.trouble !== '') return;
    second = await boot(cache, {
      iommu: 'intel',
      disk,
      kernelArguments: grubWords(installed.step('line').lines),
      steps: {
        booted: 'state',
        'kubelet-saw': 'cat /run/kubelet-saw',
        bind: unitState('hostdev-vfio-bind.service'),
        verify: unitState('hostdev-vfio-verify.service'),
        usable: `vfio-check ${CHOSEN.join(' ')}`,
        check: asStartedByGrub('sh /root/install.sh --check'),
        again: asStartedByGrub('sh /root/install.sh'),
        'boot-disk': `cp /etc/hostdev/bindings /run/bindings
${replaceTable({ address: AT.boot, ids: ['1b36:0010'], class: '0108' })}
${PROGRAM}
echo status $?
cp /run/bindings /etc/hostdev/bindings`,
        undo: asStartedByGrub('sh /root/install.sh --undo'),
        undone: `${GRUB_LINES}
find /etc /usr/local /var/lib ! -type d \\( -path '*hostdev*' -o -name 'vfio*' \\) ! -path '*hostdev-test*' ! -name handed-over`,
        'cloud-init': `${userData.files}\n${asStartedByGrub(userData.commands)}`,
        reboots: userData.condition,
        line: GRUB_LINES,
      },
    });
    if (second.trouble !== '') return;
    third = await boot(cache, {
      iommu: 'amd',
      disk,
      kernelArguments: grubWords(second.step('line').lines),
      steps: {
        booted: 'state',
        'kubelet-saw': 'cat /run/kubelet-saw',
        usable: `vfio-check ${CHOSEN.join(' ')}`,
        check: asStartedByGrub('sh /var/lib/hostdev/install.sh --check'),
        verified: 'cat /run/hostdev/verify.status',
      },
    });
  });

  it('are prepared with the real update-grub', () => {
    expect(installed.trouble).toBe('');
    console.info(`installed and powered off in ${installed.seconds.toFixed(0)} s`);
    expect(seen(installed.step('booted')).groups).toBe(0);
    expect(installed.step('debian').status).toBe(0);
    expect(installed.step('install').status).toBe(0);
    expect(installed.step('install').lines.at(-1)).toContain('done: reboot the node');
    const before = grubWords(installed.step('debian').lines);
    expect(before).not.toContain('intel_iommu=on');
    expect(grubWords(installed.step('line').lines)).toEqual([...before, 'intel_iommu=on', 'iommu=pt']);
    // nothing of it is in the initramfs
    expect(installed.step('initramfs').status).not.toBe(0);
  });

  it('are refused, with nothing changed, where GRUB does not start them or the IOMMU is off by hand', () => {
    expect(installed.step('without-grub').status).toBe(1);
    expect(installed.step('without-grub').lines).toEqual([
      expect.stringContaining('refused: there is no /boot/grub/grub.cfg'),
      expect.stringContaining('nothing was changed'),
    ]);
    expect(installed.step('off').lines).toEqual([
      expect.stringContaining('refused: intel_iommu=off is on the kernel command line'),
      expect.stringContaining('nothing was changed'),
    ]);
    expect(installed.step('check').status).toBe(1);
    expect(installed.step('check').lines).toContainEqual(
      expect.stringContaining('differs: the boot loader lacks: intel_iommu=on iommu=pt'),
    );
  });

  it('come out whole when the program is killed half way and run again', () => {
    expect(installed.step('killed').lines).toContain('status 137');
  });

  it('bind what was declared before kubelet starts, started with the line of grub.cfg', () => {
    expect(second.trouble).toBe('');
    console.info(`booted, undone and powered off in ${second.seconds.toFixed(0)} s`);
    expect(seen(second.step('booted')).groups).toBe(19);
    expect(seen(second.step('booted')).functions.get(AT.boot)?.type).toBe('identity');
    for (const step of ['kubelet-saw', 'booted']) {
      expect(driversOf(second.step(step), CHOSEN)).toEqual(CHOSEN.map(() => 'vfio-pci'));
      expect(driversOf(second.step(step), OTHERS)).toEqual(['nvme', 'nvme', 'nvme', 'e1000e']);
    }
    expect(second.step('bind').lines).toEqual(['active', 'success']);
    expect(second.step('verify').lines).toEqual(['active', 'success']);
    expect(second.step('usable').lines).toEqual(
      CHOSEN.map(() => expect.stringContaining(' usable regions=') as unknown),
    );
  });

  it('are as listed then, and a second run changes nothing', () => {
    expect(second.step('check')).toEqual({ status: 0, lines: ['hostdev-node-prep: as listed'] });
    expect(second.step('again')).toEqual({
      status: 0,
      lines: ['hostdev-node-prep: done: everything was there already'],
    });
  });

  it('keep their boot disk, which is a whole NVMe like the others', () => {
    expect(second.step('boot-disk').lines).toContain(`${PROGRAM}: ${AT.boot}: refused: nvme0n1 is mounted on /`);
    expect(second.step('boot-disk').lines.slice(-2)).toEqual([`${PROGRAM}: result: refused`, 'status 1']);
  });

  it('are as Debian left them after --undo', () => {
    expect(second.step('undo').status).toBe(0);
    const { lines } = second.step('undone');
    const isOfGrub = (line: string): boolean => line.trim().startsWith('linux');
    expect(lines.filter((line) => !isOfGrub(line))).toEqual([]);
    expect(grubWords(lines.filter(isOfGrub))).toEqual(grubWords(installed.step('debian').lines));
  });

  it('are prepared by user data as well, here on AMD', () => {
    expect(second.step('cloud-init').status).toBe(0);
    expect(second.step('reboots').status).toBe(0);
    expect(third.trouble).toBe('');
    console.info(`booted, checked and powered off in ${third.seconds.toFixed(0)} s`);
    expect(seen(third.step('booted')).functions.get(AT.boot)?.type).toBe('identity');
    for (const step of ['kubelet-saw', 'booted']) {
      expect(driversOf(third.step(step), CHOSEN)).toEqual(CHOSEN.map(() => 'vfio-pci'));
      expect(driversOf(third.step(step), OTHERS)).toEqual(['nvme', 'nvme', 'nvme', 'e1000e']);
    }
    expect(third.step('usable').lines).toEqual(
      CHOSEN.map(() => expect.stringContaining(' usable regions=') as unknown),
    );
    expect(third.step('check')).toEqual({ status: 0, lines: ['hostdev-node-prep: as listed'] });
    expect(third.step('verified').lines[0]).toBe('verified');
  });
});
