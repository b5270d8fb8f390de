/*
 * A machine with an emulated IOMMU under QEMU, by software emulation: Debian's kernel, root on the first of four like NVMe
 * drives, two like NICs, a GPU with its audio function in one IOMMU group, and two NICs in one group behind a PCI bridge.
 * QEMU's addresses are the same in every boot.
 */
import { spawn } from 'node:child_process';
import { constants, copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpio } from './cpio';

/** A file that a boot puts on the root file system. */
export interface GuestFile {
  readonly path: string;
  readonly mode: number;
  readonly text: string;
}

/** What is booted, and how. */
export interface GuestOptions {
  readonly iommu: 'intel' | 'amd';
  /** Words of the kernel command line, after `intel_iommu=off`. */
  readonly kernelArguments?: readonly string[];
  readonly files?: readonly GuestFile[];
  /** Files of the initramfs itself, below `/early`. */
  readonly earlyFiles?: readonly GuestFile[];
  /** Where the root file system is. Default: the first drive as a whole. */
  readonly root?: 'disk' | 'partition' | 'multipath' | 'lvm';
  /** Shell scripts by name, run one after the other once the machine is up. */
  readonly steps?: Readonly<Record<string, string>>;
  /** Further devices of QEMU, on `port9` and `port10`, which are there then. */
  readonly devices?: readonly string[];
  /** Only runs the steps on the root file system, without starting it. */
  readonly isInstalledOnly?: boolean;
  /** A disk image that the boot changes; without it the machine has a copy that is thrown away. */
  readonly disk?: string;
}

/** What one script of a boot said. */
export interface StepResult {
  readonly status: number;
  readonly lines: readonly string[];
}

/** What a boot gave. */
export interface GuestResult {
  /** Whether the machine ran all steps and powered off. */
  readonly isComplete: boolean;
  /** Why it did not, with the end of its console. */
  readonly trouble: string;
  readonly seconds: number;
  readonly step: (name: string) => StepResult;
}

/** A PCI function as the guest's sysfs shows it. */
export interface SeenFunction {
  readonly driver: string;
  readonly group: string;
  readonly type: string;
  readonly numa: string;
  readonly override: string;
}

/** The identity that the machine's firmware gives. */
export const GUEST_UUID = '8f2c7a10-3b5d-4e6f-9a81-0c1d2e3f4a5b';

/** Addresses of what the machine has. */
export const AT = {
  boot: '0000:01:00.0',
  data1: '0000:02:00.0',
  data2: '0000:03:00.0',
  gpu: '0000:04:00.0',
  audio: '0000:04:00.1',
  bridge: '0000:05:00.0',
  shared1: '0000:06:01.0',
  shared2: '0000:06:02.0',
  nic: '0000:07:00.0',
  uplink: '0000:08:00.0',
  data3: '0000:81:00.0',
  display: '0000:09:00.0',
  card: '0000:0a:00.0',
  virtual1: '0000:0a:00.1',
  virtual2: '0000:0a:00.2',
} as const;

const MEGABYTE = 1024 * 1024;
/** A machine is given up when it has said nothing for so long, or is not done after all. */
const QUIET_SECONDS = 420;
const LIMIT_SECONDS = 2000;
const LOST = /Kernel panic|EXT4-fs error|Buffer I\/O error|GUEST FAILED: .*|BUG: .*|Oops: /;

/** Boots a machine and waits until it has powered off. What `prepare.sh` made is in `cache`. */
export async function boot(cache: string, options: GuestOptions): Promise<GuestResult> {
  const folder = mkdtempSync(join(tmpdir(), 'hostdev-guest-'));
  try {
    return await run(cache, folder, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A copy of the disk that `prepare.sh` made, to boot from more than once. */
export function copyDisk(cache: string, to: string): string {
  copyFileSync(join(cache, 'disk.img'), to, constants.COPYFILE_FICLONE);
  return to;
}

/** The drivers of functions in what the step `state` printed, in the order asked for. */
export function driversOf(step: Pick<StepResult, 'lines'>, addresses: readonly string[]): string[] {
  const { functions } = seen(step);
  return addresses.map((address) => functions.get(address)?.driver ?? 'no such function');
}

/** The functions and the number of IOMMU groups in what the step `state` printed. */
export function seen({ lines }: Pick<StepResult, 'lines'>): {
  readonly functions: ReadonlyMap<string, SeenFunction>;
  readonly groups: number;
} {
  const functions = new Map<string, SeenFunction>();
  for (const line of lines) {
    const [word, address = '', ...pairs] = line.split(' ');
    if (word !== 'pci') continue;
    const of = (name: string): string =>
      pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
    functions.set(address, {
      driver: of('driver'),
      group: of('group'),
      type: of('type'),
      numa: of('numa'),
      override: of('override'),
    });
  }
  const groups = lines.find((line) => line.startsWith('groups '));
  return { functions, groups: Number(groups?.slice('groups '.length) ?? Number.NaN) };
}

async function run(cache: string, folder: string, options: GuestOptions): Promise<GuestResult> {
  const file = (name: string): string => join(folder, name);
  const disk = options.disk ?? copyDisk(cache, file('disk.img'));
  for (const [name, size] of [
    ['data1', 64],
    ['data2', 400],
    ['data3', 64],
  ] as const) {
    writeFileSync(file(name), '');
    truncateSync(file(name), size * MEGABYTE);
  }
  const steps = Object.entries(options.steps ?? {}).map(([name, text], index) => ({
    path: `/ignition/etc/hostdev-test/${String(index).padStart(2, '0')}-${name}`,
    mode: 0o644,
    text,
  }));
  const root = (options.files ?? []).map((one) => ({ ...one, path: `/ignition${one.path}` }));
  const early = (options.earlyFiles ?? []).map((one) => ({ ...one, path: `/early${one.path}` }));
  writeFileSync(
    file('initrd'),
    Buffer.concat([readFileSync(join(cache, 'initrd.zst')), cpio([...root, ...steps, ...early])]),
  );

  const started = process.hrtime.bigint();
  const seconds = (): number => Number(process.hrtime.bigint() - started) / 1e9;
  const read = (name: string): string => {
    try {
      return readFileSync(file(name), 'utf8').replaceAll('\r', '');
    } catch {
      return '';
    }
  };
  let trouble = '';
  let stderr = '';
  const qemu = spawn('qemu-system-x86_64', machine(cache, folder, disk, options), {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  qemu.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  let said = 0;
  let lastWord = 0;
  // QEMU ends with status 0 after a panic of the guest too, and a guest without its disk never ends
  const watch = setInterval(() => {
    trouble ||= LOST.exec(read('console'))?.[0] ?? '';
    const length = read('console').length + read('report').length;
    if (length > said) [said, lastWord] = [length, seconds()];
    if (trouble === '' && (seconds() > LIMIT_SECONDS || seconds() - lastWord > QUIET_SECONDS)) {
      trouble = `not done after ${seconds().toFixed(0)} s`;
    }
    if (trouble !== '') qemu.kill('SIGKILL');
  }, 500);
  try {
    await new Promise((resolve, reject) => qemu.once('exit', resolve).once('error', reject));
  } finally {
    clearInterval(watch);
  }
  const report = read('report');
  const isComplete = /^@@ all done$/m.test(report);
  const byName = parseSteps(report);
  return {
    isComplete,
    trouble: isComplete ? '' : [trouble, stderr, read('console').slice(-3000), report.slice(-1000)].join('\n'),
    seconds: seconds(),
    step: (name) => {
      const found = byName.get(name);
      if (found === undefined)
        throw new Error(`the guest did not run the step ${name}: ${trouble}\n${report.slice(-1000)}`);
      return found;
    },
  };
}

function parseSteps(report: string): Map<string, StepResult> {
  const steps = new Map<string, StepResult>();
  for (const [, name = '', body = '', status = ''] of report.matchAll(/^@@ begin (\S+)\n([^]*?)^@@ end \1 (\d+)$/gm)) {
    steps.set(name, { status: Number(status), lines: body.split('\n').slice(0, -1) });
  }
  return steps;
}

function machine(cache: string, folder: string, disk: string, options: GuestOptions): string[] {
  const { iommu, root = 'disk' } = options;
  const image = `id=n0,driver=raw,file.driver=file,file.filename=${disk},cache=unsafe`;
  // the image is one partition at 1 MiB: the machine sees all of it, or the partition as if it were the disk
  const bootDrive = root === 'partition' ? image : `${image},offset=${MEGABYTE},size=${320 * MEGABYTE}`;
  const data = (name: string): string[] => [
    ...['-drive', `if=none,id=${name},format=raw,file=${join(folder, name)},cache=unsafe`],
  ];
  const bootController =
    root === 'multipath'
      ? [
          ...['-device', 'nvme-subsys,id=boot,nqn=hostdev-boot'],
          ...['-device', 'nvme,serial=BOOT0,subsys=boot,bus=port1'],
          ...['-device', 'nvme-ns,drive=n0,shared=on'],
        ]
      : ['-device', 'nvme,drive=n0,serial=BOOT0,bus=port1'];
  const words = [
    'console=ttyS0 panic=-1 quiet systemd.show_status=0 systemd.firstboot=off systemd.unit=multi-user.target',
    // on a busy host the guest's clock stands still for seconds, which the kernel would take for broken hardware
    'no_timer_check nowatchdog rcupdate.rcu_cpu_stall_suppress=1',
    // page tables of its own for each process, a fifth level of them, cleared memory and two more looks at each call cost an emulated
    // processor half of its time
    'mitigations=off init_on_alloc=0 audit=0 apparmor=0',
    'intel_iommu=off',
    ...(root === 'lvm' ? ['test_root=lvm'] : []),
    ...(options.isInstalledOnly === true ? ['test_stop=installed'] : []),
    ...(options.kernelArguments ?? []),
  ];
  return [
    ...[
      '-machine',
      'q35',
      '-accel',
      'tcg',
      '-cpu',
      `max,la57=off,vendor=${iommu === 'intel' ? 'GenuineIntel' : 'AuthenticAMD'}`,
      // two would wait for each other more than they do, and the suite starts two machines at once
      '-smp',
      '1',
      '-m',
      '1024',
      '-uuid',
      GUEST_UUID,
    ],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-nic', 'none'],
    ...['-object', 'memory-backend-ram,id=m0,size=512M', '-object', 'memory-backend-ram,id=m1,size=512M'],
    ...['-numa', 'node,nodeid=0,memdev=m0,cpus=0', '-numa', 'node,nodeid=1,memdev=m1'],
    ...['-device', iommu === 'intel' ? 'intel-iommu,intremap=on,caching-mode=on' : 'amd-iommu,intremap=on'],
    ...[1, 2, 3, 4, 5, 6, 7].flatMap((n) => [
      ...['-device', `pcie-root-port,id=port${n},bus=pcie.0,addr=${(0x0f + n).toString(16)}.0,chassis=${n},slot=${n}`],
    ]),
    ...['-drive', `if=none,${bootDrive}`, ...bootController],
    ...[...data('data1'), '-device', 'nvme,drive=data1,serial=DATA1,bus=port2'],
    ...[...data('data2'), '-device', 'nvme,drive=data2,serial=DATA2,bus=port3'],
    ...[
      '-device',
      'secondary-vga,bus=port4,addr=00.0,multifunction=on',
      '-device',
      'ich9-intel-hda,bus=port4,addr=00.1',
    ],
    ...['-device', 'pcie-pci-bridge,id=bridge,bus=port5'],
    ...['-device', 'e1000,bus=bridge,addr=01.0', '-device', 'e1000,bus=bridge,addr=02.0'],
    ...['-device', 'e1000e,bus=port6', '-device', 'e1000e,bus=port7'],
    ...['-device', 'pxb-pcie,id=far,bus=pcie.0,addr=18.0,bus_nr=128,numa_node=1'],
    ...['-device', 'pcie-root-port,id=port8,bus=far,addr=00.0,chassis=8,slot=8'],
    ...[...data('data3'), '-device', 'nvme,drive=data3,serial=DATA3,bus=port8'],
    ...(options.devices === undefined
      ? []
      : [
          ...['-device', 'pcie-root-port,id=port9,bus=pcie.0,addr=17.0,chassis=9,slot=9'],
          ...['-device', 'pcie-root-port,id=port10,bus=pcie.0,addr=19.0,chassis=10,slot=10'],
          ...options.devices.flatMap((device) => ['-device', device]),
        ]),
    ...['-serial', `file:${join(folder, 'console')}`, '-serial', `file:${join(folder, 'report')}`],
    ...['-kernel', join(cache, 'vmlinuz'), '-initrd', join(folder, 'initrd'), '-append', words.join(' ')],
  ];
}
