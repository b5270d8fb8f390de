/*
 * A machine as data: paths with texts and links, laid out as the kernel lays out /sys, /proc and /dev. Tests read it in memory,
 * as an archive, or from a folder that the collector runs on.
 */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { formatInventory, readSysfs, type TreeSource } from '../../../src/inventory';
import type { PciFunction } from '../../../src/model';
import type { HardwareReading } from '../../../src/inventory';

type FakeEntry = { readonly text: string | Uint8Array } | { readonly link: string } | { readonly folder: true };

/** A PCI function of the fake machine. */
export interface FakeFunction {
  /** `0108`, or with its programming interface; default `010802`. */
  readonly class?: string;
  /** Default `8086:5845`. */
  readonly id?: string;
  readonly driver?: string;
  readonly group?: number;
  /** Bridges above it, from the root. */
  readonly below?: readonly string[];
  /** Further files in its folder. */
  readonly files?: Readonly<Record<string, string>>;
  readonly physicalFunction?: string;
}

/** A machine that grows by the call; everything is chainable. */
export class FakeMachine {
  readonly entries = new Map<string, FakeEntry>();
  private readonly folders = new Map<string, string>();
  private nextNumber = 1;

  /** Puts a file. */
  file(path: string, text: string | Uint8Array): this {
    this.entries.set(path, { text });
    return this;
  }

  /** Puts a link to another path of the machine, relative as sysfs has it. */
  link(path: string, target: string): this {
    this.entries.set(path, { link: posix.relative(posix.dirname(path), target) });
    return this;
  }

  /** Puts a link as it is spelled. */
  rawLink(path: string, target: string): this {
    this.entries.set(path, { link: target });
    return this;
  }

  /** Puts an empty folder. */
  folder(path: string): this {
    this.entries.set(path, { folder: true });
    return this;
  }

  /** Adds a function; bridges above it are added as root ports where they are not there. */
  pci(address: string, fact: FakeFunction = {}): this {
    const root = `sys/devices/pci${(fact.below?.[0] ?? address).slice(0, -5)}`;
    const folder = [root, ...(fact.below ?? []), address].join('/');
    (fact.below ?? []).forEach((bridge, i) => {
      if (!this.folders.has(bridge)) {
        this.pci(bridge, {
          class: '060400',
          id: '8086:2030',
          driver: 'pcieport',
          below: fact.below?.slice(0, i) ?? [],
        });
      }
    });
    this.folders.set(address, folder);
    const [vendor = '', device = ''] = (fact.id ?? '8086:5845').split(':');
    this.link(`sys/bus/pci/devices/${address}`, folder)
      .file(`${folder}/class`, `0x${(fact.class ?? '010802').padEnd(6, '0')}\n`)
      .file(`${folder}/vendor`, `0x${vendor}\n`)
      .file(`${folder}/device`, `0x${device}\n`);
    if (fact.driver !== undefined) this.link(`${folder}/driver`, `sys/bus/pci/drivers/${fact.driver}`);
    if (fact.group !== undefined) {
      this.link(`${folder}/iommu_group`, `sys/kernel/iommu_groups/${fact.group}`);
      this.link(`sys/kernel/iommu_groups/${fact.group}/devices/${address}`, folder);
    }
    if (fact.physicalFunction !== undefined) this.link(`${folder}/physfn`, this.at(fact.physicalFunction));
    for (const [name, text] of Object.entries(fact.files ?? {})) this.file(`${folder}/${name}`, text);
    return this;
  }

  /** The folder of a function. */
  at(address: string): string {
    const folder = this.folders.get(address);
    if (folder === undefined) throw new Error(`there is no ${address}`);
    return folder;
  }

  /** Adds a disk below a folder of its controller; partitions get names as the kernel makes them. */
  disk(name: string, parent: string, partitions = 0): this {
    const folder = `${parent}/${name}`;
    this.block(name, folder);
    for (let i = 1; i <= partitions; i++) {
      const part = `${name}${/\d$/.test(name) ? 'p' : ''}${i}`;
      this.block(part, `${folder}/${part}`).file(`${folder}/${part}/partition`, `${i}\n`);
    }
    return this;
  }

  /** Adds a device that others are behind: device mapper, md. */
  made(name: string, slaves: readonly string[], mapperName?: string): this {
    const folder = `sys/devices/virtual/block/${name}`;
    this.block(name, folder);
    if (mapperName !== undefined) {
      this.file(`${folder}/dm/name`, `${mapperName}\n`).link(`dev/mapper/${mapperName}`, `dev/${name}`);
    }
    for (const slave of slaves) {
      this.link(`${folder}/slaves/${slave}`, this.blockFolder(slave));
      this.link(`${this.blockFolder(slave)}/holders/${name}`, folder);
    }
    return this;
  }

  /** Adds an NVMe controller with a disk of the same number; native multipath puts it below the subsystem. */
  nvme(number: number, address: string, partitions = 0, serial = `S${number}`): this {
    const controller = `${this.at(address)}/nvme/nvme${number}`;
    this.file(`${controller}/serial`, `${serial.padEnd(20)}\n`).link(`sys/class/nvme/nvme${number}`, controller);
    return this.disk(`nvme${number}n1`, controller, partitions);
  }

  /** Adds an interface; `lower` are those that it is made of. */
  net(name: string, parent: string, lower: readonly string[] = []): this {
    const folder = `${parent}/net/${name}`;
    this.folders.set(name, folder);
    this.link(`sys/class/net/${name}`, folder).file(`${folder}/operstate`, 'up\n');
    for (const below of lower) {
      this.link(`${folder}/lower_${below}`, this.at(below)).link(`${this.at(below)}/upper_${name}`, folder);
    }
    return this;
  }

  /** Mounts, as `POINT DEVICE [TYPE [ROOT]]`; a device without a block device keeps its name as the source. */
  mounts(...mounts: readonly string[]): this {
    const lines = mounts.map((mount, i) => {
      const [point = '', device = '', type = 'xfs', root = '/'] = mount.split(' ');
      const number = type === 'btrfs' ? undefined : this.numberOf(device);
      const source = this.folders.has(`block ${device}`) ? `/dev/${device}` : device;
      return `${i + 20} 1 ${number ?? `0:${i + 30}`} ${root} ${point} rw,relatime shared:1 - ${type} ${source} rw`;
    });
    return this.file('proc/1/mountinfo', lines.map((line) => `${line}\n`).join(''));
  }

  /** Swap, by path. */
  swaps(...paths: readonly string[]): this {
    const lines = paths.map((path) => `${path.padEnd(40)}partition\t1\t0\t-2\n`);
    return this.file('proc/swaps', `Filename\t\t\t\tType\t\tSize\tUsed\tPriority\n${lines.join('')}`);
  }

  /** What the collector adds where it sees all of the host. */
  collected(facts: Readonly<Record<string, string>> = {}): this {
    const all = {
      collector: 'version 1\nuser 0\npid-namespace pid:[4026531836]\n',
      'open-blocks': '',
      'container-mounts': '',
      'ip-addr': '',
      'ip-route4': '',
      'ip-route6': '',
      ...facts,
    };
    for (const [name, text] of Object.entries(all)) this.file(`hostdev/${name}`, text);
    if (!this.entries.has('proc/swaps')) this.swaps();
    return this;
  }

  /** The number of a block device, `259:4`. */
  numberOf(device: string): string | undefined {
    const entry = this.folders.has(`block ${device}`) ? this.entries.get(`${this.blockFolder(device)}/dev`) : undefined;
    return entry !== undefined && 'text' in entry ? String(entry.text).trim() : undefined;
  }

  /** The machine as a tree, below a folder where one is named. */
  source(prefix = ''): TreeSource {
    return sourceOf(new Map([...this.entries].map(([path, entry]) => [prefix + path, entry])));
  }

  /** What an import says of it. */
  read(): HardwareReading {
    return readSysfs('node01.tar', this.source());
  }

  /** One function of that. */
  readFunction(address: string): PciFunction {
    const found = this.read().functions.find((fact) => fact.address === address);
    if (found === undefined) throw new Error(`there is no ${address}`);
    return found;
  }

  /** What the host uses a function for: `root-disk: / on nvme0n1p2`; undefined where it is unknown. */
  usesOf(address: string): readonly string[] | undefined {
    return this.readFunction(address).hostUse?.map(({ kind, reason }) => `${kind}: ${reason}`);
  }

  /** The inventory file that it makes. */
  inventoryText(): string {
    const { functions, machine } = this.read();
    return formatInventory({ node: 'node01', place: { kind: 'file', file: '' }, ...machine, functions });
  }

  /** Writes it to a folder. */
  write(folder: string): void {
    for (const [path, entry] of this.entries) {
      const target = join(folder, path);
      mkdirSync('folder' in entry ? target : dirname(target), { recursive: true });
      if ('text' in entry) writeFileSync(target, entry.text);
      else if ('link' in entry) symlinkSync(entry.link, target);
    }
  }

  private block(name: string, folder: string): this {
    this.folders.set(`block ${name}`, folder);
    return this.file(`${folder}/dev`, `259:${this.nextNumber++}\n`).link(`sys/class/block/${name}`, folder);
  }

  private blockFolder(name: string): string {
    return this.at(`block ${name}`);
  }
}

/** Entries by path as a tree. */
export function sourceOf(entries: ReadonlyMap<string, FakeEntry>): TreeSource {
  const children = new Map<string, Set<string>>([['', new Set()]]);
  for (const path of entries.keys()) {
    const parts = path.split('/');
    parts.forEach((part, i) => {
      const parent = parts.slice(0, i).join('/');
      children.set(parent, (children.get(parent) ?? new Set()).add(part));
    });
  }
  return {
    entry: (path) => {
      const entry = entries.get(path);
      const names = children.get(path);
      if (names !== undefined) return { kind: 'folder', names: () => [...names] };
      if (entry === undefined) return undefined;
      if ('link' in entry) return { kind: 'link', target: entry.link };
      if ('folder' in entry) return { kind: 'folder', names: () => [] };
      const bytes = typeof entry.text === 'string' ? Buffer.from(entry.text) : entry.text;
      return { kind: 'file', bytes: () => bytes };
    },
  };
}
