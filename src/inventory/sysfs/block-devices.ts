/*
 * Block devices, and which PCI functions stand behind each: down through partitions, device mapper (LVM, LUKS, multipath), md,
 * loop devices and NVMe multipath. Each device is followed once; what it stands on is remembered.
 */
import { compareNatural, type BdfAddress } from '../../model';
import type { CapturedTree } from '../capture/captured-tree';
import { endpointsOnPath } from './attributes';

/** The names on the way from a block device to one function: `['dm-0 (rhel-root)', 'nvme0n1p3']`. */
export type Chain = readonly string[];

/** The functions behind a block device, each with one way to it; the functions above a controller included. */
export type Behind = ReadonlyMap<BdfAddress, Chain>;

const CLASS = 'sys/class/block';
const NOTHING: Behind = new Map();

/** The block devices of a capture. */
export class BlockDevices {
  /** `nvme0n1p2`, in natural order. */
  readonly names: readonly string[];
  private readonly tree: CapturedTree;
  private readonly folders = new Map<string, string>();
  private readonly byNumber = new Map<string, string>();
  private readonly byMapperName = new Map<string, string>();
  private readonly known = new Map<string, Behind>();
  private readonly below = new Map<string, ReadonlySet<string>>();

  /** Lists the devices; nothing is followed yet. */
  constructor(tree: CapturedTree) {
    this.tree = tree;
    for (const name of tree.names(CLASS)) this.folders.set(name, `${CLASS}/${name}`);
    for (const name of tree.names('sys/block')) {
      if (!this.folders.has(name)) this.folders.set(name, `sys/block/${name}`);
      // a capture without the class has partitions only as folders of their disk
      for (const part of tree.names(`sys/block/${name}`)) {
        const folder = `sys/block/${name}/${part}`;
        if (!this.folders.has(part) && tree.has(`${folder}/partition`)) this.folders.set(part, folder);
      }
    }
    this.names = [...this.folders.keys()].sort(compareNatural);
    for (const name of this.names) {
      const number = tree.line(`${this.folder(name)}/dev`);
      if (number !== undefined) this.byNumber.set(number, name);
      const mapper = tree.line(`${this.folder(name)}/dm/name`);
      if (mapper !== undefined) this.byMapperName.set(mapper, name);
    }
  }

  /** The device with this number, `259:2`. */
  numbered(number: string | undefined): string | undefined {
    return number === undefined ? undefined : this.byNumber.get(number);
  }

  /** The device that a path in `/dev` names: `/dev/nvme0n1p2`, `/dev/mapper/rhel-root`, `/dev/disk/by-uuid/…`. */
  named(path: string): string | undefined {
    if (!path.startsWith('/dev/')) return undefined;
    const direct = this.deviceName(path.slice('/dev/'.length));
    if (direct !== undefined) return direct;
    if (path.startsWith('/dev/mapper/')) {
      const mapped = this.byMapperName.get(path.slice('/dev/mapper/'.length));
      if (mapped !== undefined) return mapped;
    }
    const behind = this.tree.real(path.slice(1));
    return behind?.startsWith('dev/') !== true ? undefined : this.deviceName(behind.slice('dev/'.length));
  }

  /** Devices that are made of this one: `dm-0` of a physical volume. */
  holders(name: string): readonly string[] {
    return this.tree.names(`${this.folder(name)}/holders`).filter((holder) => this.folders.has(holder));
  }

  /** The file behind a loop device. */
  backingFile(name: string): string | undefined {
    return this.tree.line(`${this.folder(name)}/loop/backing_file`);
  }

  /** A device with the name that device mapper has for it: `dm-0 (rhel-root)`. */
  label(name: string): string {
    const mapper = this.tree.line(`${this.folder(name)}/dm/name`);
    return mapper === undefined ? name : `${name} (${mapper})`;
  }

  /**
   * What stands behind a device.
   *
   * @param deviceOfFile - the device that a file lies on, asked for loop devices
   */
  behind(name: string, deviceOfFile: (path: string) => string | undefined): Behind {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    // a circle cannot be, but a capture may hold one
    this.known.set(name, NOTHING);
    const behind = this.follow(name, deviceOfFile);
    this.known.set(name, behind);
    return behind;
  }

  /** A device and everything that it is made of, by name; to be asked after {@link behind}. */
  madeOf(name: string): ReadonlySet<string> {
    const known = this.below.get(name);
    if (known !== undefined) return known;
    const all = new Set([name]);
    this.below.set(name, all);
    const disk = this.diskOf(name);
    for (const part of [...this.slaves(name), ...(disk === undefined ? [] : [disk])]) {
      for (const below of this.madeOf(part)) all.add(below);
    }
    return all;
  }

  private follow(name: string, deviceOfFile: (path: string) => string | undefined): Behind {
    const slaves = this.slaves(name);
    if (slaves.length > 0) return this.throughAll(name, slaves, deviceOfFile);
    const file = this.backingFile(name);
    const holding = file === undefined ? undefined : deviceOfFile(file.replace(/ \(deleted\)$/, ''));
    if (holding !== undefined) return this.throughAll(name, [holding], deviceOfFile);
    const disk = this.diskOf(name);
    if (disk !== undefined) {
      return mapped(this.behind(disk, deviceOfFile), ([, ...chain]) => [this.label(name), ...chain]);
    }
    const path = this.tree.real(this.folder(name)) ?? '';
    const functions = endpointsOnPath(this.tree, path);
    const behind = functions.length > 0 ? functions : this.behindSubsystem(path);
    return new Map(behind.map((address) => [address, [this.label(name)]]));
  }

  private throughAll(
    name: string,
    parts: readonly string[],
    deviceOfFile: (path: string) => string | undefined,
  ): Behind {
    const behind = new Map<BdfAddress, Chain>();
    for (const part of parts) {
      for (const [address, chain] of this.behind(part, deviceOfFile)) {
        if (!behind.has(address)) behind.set(address, [this.label(name), ...chain]);
      }
    }
    return behind;
  }

  /**
   * With NVMe multipath a disk hangs below its subsystem, and its path names no function: the controllers do.
   *
   * @see https://github.com/torvalds/linux/blob/v6.12/drivers/nvme/host/multipath.c nvme_mpath_alloc_disk
   */
  private behindSubsystem(path: string): readonly BdfAddress[] {
    const subsystem = /\/nvme-subsystem\/([^/]+)\//.exec(path)?.[1];
    if (subsystem === undefined) return [];
    const found = new Set<BdfAddress>();
    for (const folder of [`sys/class/nvme-subsystem/${subsystem}`, `sys/devices/virtual/nvme-subsystem/${subsystem}`]) {
      for (const controller of this.tree.names(folder)) {
        if (!/^nvme\d+$/.test(controller)) continue;
        for (const address of endpointsOnPath(this.tree, this.tree.real(`${folder}/${controller}`) ?? ''))
          found.add(address);
      }
    }
    return [...found];
  }

  private slaves(name: string): readonly string[] {
    return this.tree.names(`${this.folder(name)}/slaves`).filter((slave) => this.folders.has(slave));
  }

  /** The disk of a partition. */
  private diskOf(name: string): string | undefined {
    const parent = (this.tree.real(this.folder(name)) ?? '').split('/').at(-2);
    return parent !== undefined && parent !== name && this.folders.has(parent) ? parent : undefined;
  }

  private deviceName(name: string): string | undefined {
    // the kernel has `!` in the names of controllers that have `/` in /dev: `cciss!c0d0`
    const kernelName = name.replaceAll('/', '!');
    return this.folders.has(kernelName) ? kernelName : undefined;
  }

  private folder(name: string): string {
    return this.folders.get(name) ?? `${CLASS}/${name}`;
  }
}

function mapped(behind: Behind, change: (chain: Chain) => Chain): Behind {
  return new Map([...behind].map(([address, chain]) => [address, change(chain)]));
}
