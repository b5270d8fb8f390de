/*
 * What the host stores where: from every mount, swap and open device down to the PCI functions behind it.
 */
import { compareText, type HostUseKind } from '../../model';
import type { CapturedTree } from '../capture/captured-tree';
import { BlockDevices } from './block-devices';
import { COLLECTED } from './machine';
import { isInside, mountOf, readContainerMounts, readMounts, type Mount } from './mounts';
import type { Uses } from './uses';

/** Folders that container runtimes, kubelet and etcd keep their data in. */
const STORAGE_FOLDERS = [
  '/var/lib/containers',
  '/var/lib/containerd',
  '/var/lib/docker',
  '/var/lib/etcd',
  '/var/lib/kubelet',
  '/var/lib/rancher',
];

/** Where pods have their volumes: these come and go, so a reason does not name them. */
const POD_VOLUMES = ['/var/lib/kubelet/pods', '/var/lib/kubelet/plugins'];

/** Mount points of the system itself; of several mounts of one device the first one here is named. */
const SYSTEM_POINTS = ['/', '/sysroot', '/usr', '/var', '/etc', '/nix'];

/** What of the host's storage could not be told. */
export interface StorageGaps {
  /** A ZFS pool is in use, and sysfs does not show which disks it has. */
  readonly hasZfs: boolean;
}

/** Notes every use of storage. */
export function addStorageUses(tree: CapturedTree, uses: Uses): StorageGaps {
  const storage = new Storage(tree, uses);
  storage.addMounts();
  storage.addSwap();
  storage.addOpened();
  storage.addHeld();
  return { hasZfs: storage.hasZfs };
}

class Storage {
  hasZfs: boolean;
  private readonly tree: CapturedTree;
  private readonly uses: Uses;
  private readonly blocks: BlockDevices;
  private readonly mounts: readonly Mount[];
  /** Block devices that are known to be used, with what they are made of. */
  private readonly used = new Set<string>();

  constructor(tree: CapturedTree, uses: Uses) {
    this.tree = tree;
    this.uses = uses;
    this.blocks = new BlockDevices(tree);
    this.mounts = readMounts(tree) ?? [];
    this.hasZfs = tree.hasFolder('sys/module/zfs');
  }

  addMounts(): void {
    const covering = new Set(this.storageFolders().map((folder) => mountOf(this.mounts, folder)));
    const strongest = new Map<string, Map<HostUseKind, string>>();
    for (const mount of this.mounts) {
      if (mount.type === 'zfs') this.hasZfs = true;
      const kind = kindOf(mount, covering.has(mount));
      for (const device of this.devicesOf(mount)) {
        const points = strongest.get(device) ?? new Map<HostUseKind, string>();
        strongest.set(device, points);
        const known = points.get(kind);
        if (known === undefined || isStronger(mount.point, known)) points.set(kind, mount.point);
      }
    }
    const isOther = (kind: HostUseKind): boolean => kind === 'other';
    for (const pass of [false, true]) {
      for (const [device, points] of strongest) {
        for (const [kind, point] of points) {
          // what pods mount of the root disk comes and goes, and says nothing more of it
          if (isOther(kind) === pass && !(pass && this.used.has(device))) this.add(device, kind, placeOf(point));
        }
      }
    }
    for (const mount of readContainerMounts(this.tree)) {
      if (mount.type === 'zfs') this.hasZfs = true;
      for (const device of this.devicesOf(mount)) {
        if (!this.used.has(device)) this.add(device, 'other', 'mounted in a container');
      }
    }
  }

  addSwap(): void {
    for (const line of this.tree.lines('proc/swaps').slice(1)) {
      const path = (/^\S+/.exec(line)?.[0] ?? '').replace(/\\040/g, ' ');
      const device = this.blocks.named(path);
      if (device !== undefined) this.add(device, 'swap', 'swap');
      else {
        const holding = this.deviceOfFile(path);
        if (holding !== undefined) this.add(holding, 'swap', `swap file ${path}`);
      }
    }
  }

  /** Lines `259:0 ceph-osd`. */
  addOpened(): void {
    for (const line of this.tree.lines(`${COLLECTED}/open-blocks`)) {
      const [, number, process] = /^(\d{1,6}:\d{1,8}) (.*)$/.exec(line) ?? [];
      const device = this.blocks.numbered(number);
      if (device !== undefined && !this.used.has(device))
        this.add(device, 'other', `open in ${process ?? 'a process'}`);
    }
  }

  /** What is part of a volume group, an array, a multipath device or a file system of several disks. */
  addHeld(): void {
    for (const fileSystem of this.tree.names('sys/fs/btrfs')) {
      for (const name of this.tree.names(`sys/fs/btrfs/${fileSystem}/devices`)) {
        if (!this.used.has(name)) this.add(name, 'other', 'a mounted btrfs');
      }
    }
    for (const name of this.blocks.names) {
      for (const holder of this.blocks.holders(name)) {
        if (!this.used.has(holder)) this.add(holder, 'other', '');
      }
    }
  }

  private add(device: string, kind: HostUseKind, what: string): void {
    for (const [address, chain] of this.blocks.behind(device, (path) => this.deviceOfFile(path))) {
      const way = chain.join(' on ');
      this.uses.add(address, kind, what === '' ? way : `${what} on ${way}`);
    }
    for (const part of this.blocks.madeOf(device)) this.used.add(part);
  }

  private deviceOfFile(path: string): string | undefined {
    const mount = mountOf(this.mounts, path);
    return mount === undefined ? undefined : this.devicesOf(mount)[0];
  }

  private devicesOf(mount: Mount): readonly string[] {
    // a bind mount of a device node hands the device itself to a pod
    if (mount.type === 'devtmpfs') {
      const node = mount.root === '/' ? undefined : this.blocks.named(`/dev${mount.root}`);
      return node === undefined ? [] : [node];
    }
    const device = this.blocks.numbered(mount.number) ?? this.blocks.named(mount.source);
    if (device === undefined) return [];
    if (mount.type !== 'btrfs') return [device];
    for (const fileSystem of this.tree.names('sys/fs/btrfs')) {
      const members = this.tree.names(`sys/fs/btrfs/${fileSystem}/devices`);
      if (members.includes(device)) return members;
    }
    return [device];
  }

  /** Those that are there, with the links that lead to them followed. */
  private storageFolders(): readonly string[] {
    return STORAGE_FOLDERS.flatMap((folder) => {
      const real = this.tree.real(folder.slice(1));
      return real === undefined || !this.tree.has(real) ? [] : [`/${real}`];
    });
  }
}

function isStronger(point: string, known: string): boolean {
  const [rank, knownRank] = [rankOf(point), rankOf(known)];
  return rank - knownRank < 0 || (rank === knownRank && compareShorter(point, known) < 0);
}

function rankOf(point: string): number {
  const rank = SYSTEM_POINTS.indexOf(point);
  return rank < 0 ? SYSTEM_POINTS.length : rank;
}

function compareShorter(a: string, b: string): number {
  return a.length - b.length || compareText(a, b);
}

function placeOf(point: string): string {
  return POD_VOLUMES.some((folder) => isInside(point, folder)) ? 'volumes of pods' : point;
}

function kindOf({ point }: Mount, coversStorage: boolean): HostUseKind {
  if (point === '/') return 'root-disk';
  if (POD_VOLUMES.some((folder) => isInside(point, folder))) return 'other';
  if (coversStorage || STORAGE_FOLDERS.some((folder) => isInside(point, folder))) return 'container-storage';
  if (SYSTEM_POINTS.includes(point)) return 'root-disk';
  return ['/boot', '/efi', '/esp'].some((folder) => isInside(point, folder)) ? 'boot' : 'other';
}
