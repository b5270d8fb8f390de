/*
 * A node in a folder: plain files and links laid out like /sys, /proc, /dev and /etc, and a stand-in for the kernel that does
 * what the writes to driver_override, unbind and drivers_probe ask for.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';

/** The bind program's source. */
export const PROGRAM = join(__dirname, '../../../../src/manifests/node-preparation/hostdev-vfio-bind.sh');

/** Shells that the program must run in, where they are installed; the first is the one most tests use. */
export const SHELLS: readonly (readonly string[])[] = [['dash'], ['busybox', 'sh'], ['bash', '--posix']].filter(
  ([command = '', ...options]) => spawnSync(command, [...options, '-c', ':']).status === 0,
);

/** A function of the fake node. Ids as `10de:1eb8`, the class with its programming interface. */
export interface FakeFunction {
  readonly id?: string;
  readonly class?: string;
  readonly subsystem?: string;
  readonly driver?: string;
  /** IOMMU group; null: none. */
  readonly group?: number | null;
  /** Header type byte of its configuration space. */
  readonly header?: number;
  /** PCI Express Device Serial Number as lspci writes it. */
  readonly deviceSerial?: string;
}

/** The start of a disk with a LUKS header, which hosts use without a mount that shows it. */
export const ENCRYPTED: Uint8Array = contentAt(0, [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe, 0x00, 0x01]);

/** The start of a disk with one partition. */
export const PARTITIONED: Uint8Array = contentAt(0x1be, [
  ...[0x00, 0x00, 0x02, 0x00, 0x83, 0x00, 0x10, 0x00, 0x01, 0x00, 0x00, 0x00, 0xff, 0x03, 0x00, 0x00],
  ...Array.from({ length: 48 }, () => 0),
  ...[0x55, 0xaa],
]);

/** The start of a disk with some bytes. */
export function contentAt(offset: number, bytes: Iterable<number>): Uint8Array {
  const disk = new Uint8Array(1024 * 1024);
  disk.set([...bytes], offset);
  return disk;
}

/** What a run of the program gave. */
export interface RunResult {
  readonly status: number | null;
  readonly output: string;
  /** Lines of /run/hostdev/bind.status. */
  readonly result: readonly string[];
}

const KERNEL = `#!/bin/sh
# VALUE FILE: what the kernel does after the write
at=$HOSTDEV_ROOT/sys/bus/pci/devices/$1
count=$(($(cat "$HOSTDEV_ROOT/writes" 2> /dev/null || echo 0) + 1))
echo $count > "$HOSTDEV_ROOT/writes"
if [ "\${KILL_BEFORE:-0}" -eq $count ]; then kill -9 $PPID; exit 1; fi
case $2 in
  */unbind)
    rm -f "$at/driver"
    [ ! -d "$at/nvme" ] || mv "$at/nvme" "$at/.nvme"
    ;;
  */drivers_probe)
    override=$(cat "$at/driver_override")
    driver=$(cat "$at/.native" 2> /dev/null)
    [ -z "$override" ] || driver=$override
    [ "$driver" != vfio-pci ] || [ ! -e "$at/.refuses-vfio" ] || driver=
    if [ -n "$driver" ] && [ ! -e "$at/driver" ]; then
      ln -s "$HOSTDEV_ROOT/sys/bus/pci/drivers/$driver" "$at/driver"
      [ "$driver" != nvme ] || [ ! -d "$at/.nvme" ] || mv "$at/.nvme" "$at/nvme"
    fi
    ;;
esac
if [ "\${KILL_AFTER:-0}" -eq $count ]; then kill -9 $PPID; fi
exit 0
`;

/** A node in a temporary folder. */
export class FakeNode {
  readonly root = mkdtempSync(join(tmpdir(), 'hostdev-node-'));

  constructor(identity: { readonly uuid?: string; readonly host?: string } = {}) {
    const { uuid = '4C4C4544-0042-3510-8052-B4C04F4E4332', host = 'node03' } = identity;
    this.write('sys/class/dmi/id/product_uuid', `${uuid}\n`);
    this.write('proc/sys/kernel/hostname', `${host}\n`);
    this.write('proc/1/mountinfo', '24 1 0:22 / /proc rw,nosuid shared:12 - proc proc rw\n');
    this.write('proc/swaps', 'Filename\tType\tSize\tUsed\tPriority\n');
    this.write('proc/net/route', 'Iface\tDestination\tGateway\tFlags\n');
    this.write('sys/bus/pci/drivers_probe', '');
    mkdirSync(join(this.root, 'sys/bus/pci/drivers/vfio-pci'), { recursive: true });
    this.write('kernel', KERNEL);
    chmodSync(join(this.root, 'kernel'), 0o755);
  }

  write(path: string, text: string | Uint8Array): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  link(path: string, target: string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    symlinkSync(relative(dirname(file), join(this.root, target)), file);
  }

  /** Adds a function below a root port, with its driver and its group. */
  add(address: string, fact: FakeFunction = {}): void {
    const { id = '8086:5845', group = 14, subsystem = '8086:0001' } = fact;
    const home = this.home(address);
    const hex = (name: string, digits: string | undefined): void => {
      this.write(`${home}/${name}`, `0x${digits ?? ''}\n`);
    };
    hex('vendor', id.slice(0, 4));
    hex('device', id.slice(5));
    hex('subsystem_vendor', subsystem.slice(0, 4));
    hex('subsystem_device', subsystem.slice(5));
    hex('class', fact.class ?? '010802');
    this.write(`${home}/driver_override`, '(null)\n');
    this.write(`${home}/uevent`, 'PCI_CLASS=10802\n');
    this.write(`${home}/config`, configSpace(fact));
    this.link(`sys/bus/pci/devices/${address}`, home);
    if (fact.driver !== undefined) {
      this.write(`sys/bus/pci/drivers/${fact.driver}/unbind`, '');
      this.link(`${home}/driver`, `sys/bus/pci/drivers/${fact.driver}`);
      this.write(`${home}/.native`, fact.driver);
    }
    if (group !== null) {
      mkdirSync(join(this.root, `sys/kernel/iommu_groups/${group}/devices`), { recursive: true });
      this.link(`${home}/iommu_group`, `sys/kernel/iommu_groups/${group}`);
      this.link(`sys/kernel/iommu_groups/${group}/devices/${address}`, home);
    }
    this.write('sys/bus/pci/drivers/vfio-pci/unbind', '');
  }

  /** Adds an NVMe function with one disk, `nvme0n1` for number 0; by multipath the disk hangs below its subsystem. */
  addNvme(
    address: string,
    number: number,
    options: FakeFunction & { readonly serial?: string; readonly multipath?: boolean } = {},
  ): void {
    this.add(address, { driver: 'nvme', group: 20 + number, ...options });
    const controller = `${this.home(address)}/nvme/nvme${number}`;
    this.write(`${controller}/serial`, `${options.serial ?? `PHLJ${number}`}        \n`);
    this.write(`${controller}/uevent`, `DEVNAME=nvme${number}\n`);
    this.link(`sys/class/nvme/nvme${number}`, controller);
    if (options.multipath === true) {
      this.link(`sys/class/nvme-subsystem/nvme-subsys${number}/nvme${number}`, controller);
      this.addDisk(`sys/devices/virtual/nvme-subsystem/nvme-subsys${number}`, `nvme${number}n1`, `259:${number * 10}`);
    } else {
      this.addDisk(controller, `nvme${number}n1`, `259:${number * 10}`);
    }
  }

  /** Adds a block device below a folder of /sys/devices. */
  addDisk(parent: string, name: string, number: string): void {
    this.write(`${parent}/${name}/dev`, `${number}\n`);
    this.write(`${parent}/${name}/wwid`, `eui.${name}\n`);
    this.write(`${parent}/${name}/uevent`, `DEVNAME=${name}\n`);
    this.link(`sys/class/block/${name}`, `${parent}/${name}`);
    this.write(`dev/${name}`, '');
  }

  /** Adds a network interface to a function. */
  addInterface(address: string, name: string): void {
    this.write(`${this.home(address)}/net/${name}/uevent`, `INTERFACE=${name}\n`);
    this.link(`sys/class/net/${name}`, `${this.home(address)}/net/${name}`);
  }

  /** Says that something is mounted, as a line of mountinfo. */
  mount(number: string, where: string, type: string, source: string): void {
    const file = join(this.root, 'proc/1/mountinfo');
    writeFileSync(file, `${readFileSync(file, 'utf8')}30 1 ${number} / ${where} rw shared:1 - ${type} ${source} rw\n`);
  }

  /** Says what a process sees mounted in a mount namespace of its own, as lines of mountinfo. */
  mountFor(process: number, ...lines: readonly string[]): void {
    this.write(`proc/${process}/mountinfo`, lines.map((line) => `${line}\n`).join(''));
    mkdirSync(join(this.root, `proc/${process}/ns`), { recursive: true });
    symlinkSync(`mnt:[${4026530000 + process}]`, join(this.root, `proc/${process}/ns/mnt`));
  }

  /** Says that a process has a file open. */
  open(process: number, name: string, path: string): void {
    this.write(`proc/${process}/comm`, `${name}\n`);
    mkdirSync(join(this.root, `proc/${process}/fd`), { recursive: true });
    symlinkSync(path, join(this.root, `proc/${process}/fd/3`));
    mkdirSync(join(this.root, 'proc/1/fd'), { recursive: true });
  }

  /** The table, under its header. */
  table(...rows: readonly string[]): void {
    this.write('etc/hostdev/bindings', `# a comment\n\n${rows.join('\n')}\n`);
  }

  /** Runs the program. */
  run(
    args: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
    shell = SHELLS[0] ?? ['sh'],
  ): RunResult {
    const [command = 'sh', ...options] = shell;
    const { status, stdout, stderr } = spawnSync(command, [...options, PROGRAM, ...args], {
      encoding: 'utf8',
      env: {
        HOSTDEV_ROOT: this.root,
        HOSTDEV_KERNEL: join(this.root, 'kernel'),
        HOSTDEV_WAIT: '0',
        PATH: process.env['PATH'],
        ...environment,
      },
    });
    return { status, output: `${stdout}${stderr}`, result: this.result() };
  }

  /** The lines of the result file; none when there is no such file. */
  result(): string[] {
    const file = join(this.root, 'run/hostdev/bind.status');
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  }

  /** The driver of a function; undefined when none is bound. */
  driverOf(address: string): string | undefined {
    try {
      return basename(readlinkSync(join(this.root, this.home(address), 'driver')));
    } catch {
      return undefined;
    }
  }

  /** How many writes the program made, in all runs. */
  get writes(): number {
    const file = join(this.root, 'writes');
    return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  }

  /** The folder of a function, relative to the root. */
  home(address: string): string {
    return `sys/devices/pci0000:00/0000:00:1c.0/${address}`;
  }

  /** The text of a file of the node. */
  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  /** Takes a file away. */
  remove(path: string): void {
    rmSync(join(this.root, path));
  }

  /** Puts a function on a driver as the kernel would. */
  setDriver(address: string, driver: string): void {
    rmSync(join(this.root, this.home(address), 'driver'), { force: true });
    this.link(`${this.home(address)}/driver`, `sys/bus/pci/drivers/${driver}`);
  }

  /** Puts every function back on the driver of its own and forgets what is in /run, as a reboot does. */
  reboot(): void {
    rmSync(join(this.root, 'run'), { recursive: true, force: true });
    for (const address of readdirSync(join(this.root, 'sys/bus/pci/devices'))) {
      const home = this.home(address);
      const native = join(this.root, home, '.native');
      this.write(`${home}/driver_override`, '(null)\n');
      if (existsSync(native)) this.setDriver(address, readFileSync(native, 'utf8'));
      if (existsSync(join(this.root, home, '.nvme'))) {
        renameSync(join(this.root, home, '.nvme'), join(this.root, home, 'nvme'));
      }
    }
  }

  destroy(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

function configSpace({ header = 0, deviceSerial }: FakeFunction): Uint8Array {
  const bytes = new Uint8Array(4096);
  bytes[14] = header;
  if (deviceSerial !== undefined) {
    // another capability first: AER at 100, the serial number at 148
    bytes.set([0x01, 0x00, 0x02, 0x14], 256);
    bytes[0x102] = 0x82;
    bytes.set([0x03, 0x00, 0x01, 0x00], 0x148);
    bytes.set(
      deviceSerial
        .split('-')
        .reverse()
        .map((digits) => Number.parseInt(digits, 16)),
      0x14c,
    );
  }
  return bytes;
}
