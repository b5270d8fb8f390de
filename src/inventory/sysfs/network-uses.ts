/*
 * Which functions the host is reached through: from every default route and address down through VLANs, bonds, bridges and
 * Open vSwitch to the NIC, and from a virtual function to its physical one.
 */
import type { BdfAddress } from '../../model';
import type { CapturedTree } from '../capture/captured-tree';
import { endpointsOnPath } from './attributes';
import { COLLECTED } from './machine';
import type { Uses } from './uses';

const CLASS = 'sys/class/net';

/** What was found out about the network. */
export interface NetworkFacts {
  /** Functions that an interface stands on; a NIC without one has it in another network namespace. */
  readonly withInterface: ReadonlySet<BdfAddress>;
}

/** Notes every use of the network. */
export function addNetworkUses(tree: CapturedTree, uses: Uses): NetworkFacts {
  const interfaces = new Interfaces(tree);
  const wanted = wantedInterfaces(tree);
  const used = new Set<string>();
  let isUnplaced = false;
  for (const [name, what] of wanted) {
    const behind = interfaces.behind(name);
    isUnplaced ||= behind.size === 0 && interfaces.names.has(name);
    for (const [address, chain] of behind) uses.add(address, 'management-nic', `${what} on ${chain.join(' on ')}`);
    for (const part of interfaces.madeOf(name)) used.add(part);
  }
  for (const name of interfaces.names) {
    if (used.has(name)) continue;
    for (const upper of interfaces.above(name)) {
      // a switch's own port carries the address (br-ex), and no link in sysfs leads from it to the NIC
      const kind = isUnplaced && upper === 'ovs-system' ? 'management-nic' : 'other';
      for (const [address, chain] of interfaces.behind(name)) {
        uses.add(address, kind, `${upper} on ${chain.join(' on ')}`);
      }
    }
  }
  return { withInterface: new Set([...interfaces.names].flatMap((name) => [...interfaces.behind(name).keys()])) };
}

/** Interfaces that something depends on, with the strongest reason. */
function wantedInterfaces(tree: CapturedTree): ReadonlyMap<string, string> {
  const wanted = new Map<string, string>();
  for (const name of defaultRoutes(tree)) wanted.set(name, 'default route');
  for (const name of addresses(tree)) if (!wanted.has(name)) wanted.set(name, 'address');
  for (const name of otherRoutes(tree)) if (!wanted.has(name)) wanted.set(name, 'route');
  wanted.delete('lo');
  return wanted;
}

function* defaultRoutes(tree: CapturedTree): Generator<string> {
  for (const family of ['ip-route4', 'ip-route6']) {
    for (const line of tree.lines(`${COLLECTED}/${family}`)) {
      if (!/^(?:unicast )?default /.test(line)) continue;
      // `-o` puts the ways of a multipath route behind each other
      for (const way of line.matchAll(/ dev (\S+)/g)) yield way[1] ?? '';
    }
  }
  for (const fields of table(tree, 'proc/1/net/route', 'proc/net/route')) {
    if (fields[1] === '00000000' && fields[7] === '00000000') yield fields[0] ?? '';
  }
  for (const fields of table(tree, 'proc/1/net/ipv6_route', 'proc/net/ipv6_route')) {
    const isReject = (parseInt(fields[8] ?? '0', 16) & 0x200) !== 0;
    if (/^0{32}$/.test(fields[0] ?? '') && fields[1] === '00' && !isReject) yield fields[9] ?? '';
  }
}

function* addresses(tree: CapturedTree): Generator<string> {
  for (const line of tree.lines(`${COLLECTED}/ip-addr`)) {
    const [, name] = /^\d+: (\S+) +inet6? /.exec(line) ?? [];
    // link-local addresses come by themselves on every interface that is up
    if (name !== undefined && !/ scope (?:link|host)\b/.test(line)) yield name.split('@')[0] ?? '';
  }
  for (const fields of table(tree, 'proc/1/net/if_inet6', 'proc/net/if_inet6')) {
    if (fields[3] === '00') yield fields[5] ?? '';
  }
}

function* otherRoutes(tree: CapturedTree): Generator<string> {
  for (const fields of table(tree, 'proc/1/net/route', 'proc/net/route').slice(1)) yield fields[0] ?? '';
  for (const line of tree.lines(`${COLLECTED}/ip-route4`)) {
    if (/^(?:broadcast|multicast|local) /.test(line)) continue;
    for (const way of line.matchAll(/ dev (\S+)/g)) yield way[1] ?? '';
  }
}

function table(tree: CapturedTree, ...paths: readonly string[]): readonly (readonly string[])[] {
  const path = paths.find((candidate) => tree.has(candidate));
  return path === undefined ? [] : tree.lines(path).map((line) => line.trim().split(/\s+/));
}

class Interfaces {
  readonly names: ReadonlySet<string>;
  private readonly tree: CapturedTree;
  private readonly uppers = new Map<string, Set<string>>();
  private readonly lowers = new Map<string, Set<string>>();
  private readonly known = new Map<string, ReadonlyMap<BdfAddress, readonly string[]>>();

  constructor(tree: CapturedTree) {
    this.tree = tree;
    // `bonding_masters` is a file
    this.names = new Set(tree.names(CLASS).filter((name) => name !== 'bonding_masters'));
    for (const name of this.names) {
      for (const entry of tree.names(`${CLASS}/${name}`)) {
        if (entry.startsWith('upper_')) this.join(entry.slice('upper_'.length), name);
        if (entry.startsWith('lower_')) this.join(name, entry.slice('lower_'.length));
      }
      const master = tree.linkName(`${CLASS}/${name}/master`);
      if (master !== undefined) this.join(master, name);
      for (const port of tree.names(`${CLASS}/${name}/brif`)) this.join(name, port);
      for (const port of (tree.line(`${CLASS}/${name}/bonding/slaves`) ?? '').split(' ')) this.join(name, port);
    }
    for (const [vlan, , lower] of table(tree, 'proc/1/net/vlan/config', 'proc/net/vlan/config').slice(2).map(byBars)) {
      if (vlan !== undefined && lower !== undefined) this.join(vlan, lower);
    }
  }

  above(name: string): readonly string[] {
    return [...(this.uppers.get(name) ?? [])];
  }

  /** An interface and everything that it is made of. */
  madeOf(name: string, all = new Set<string>()): ReadonlySet<string> {
    if (all.has(name)) return all;
    all.add(name);
    for (const lower of this.lowers.get(name) ?? []) this.madeOf(lower, all);
    return all;
  }

  /** The functions behind an interface, each with one way to it. */
  behind(name: string): ReadonlyMap<BdfAddress, readonly string[]> {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    // a circle cannot be, but a capture may hold one
    this.known.set(name, new Map());
    const behind = new Map<BdfAddress, readonly string[]>();
    for (const address of endpointsOnPath(this.tree, this.tree.real(`${CLASS}/${name}`) ?? ''))
      behind.set(address, [name]);
    // `ip` shows `ens1f0@if5` by the name before the sign
    for (const lower of this.lowers.get(name) ?? []) {
      for (const [address, chain] of this.behind(lower)) {
        if (!behind.has(address)) behind.set(address, [name, ...chain]);
      }
    }
    this.known.set(name, behind);
    return behind;
  }

  private join(upper: string, lower: string): void {
    if (upper === lower || !this.names.has(lower)) return;
    this.lowers.set(upper, (this.lowers.get(upper) ?? new Set()).add(lower));
    this.uppers.set(lower, (this.uppers.get(lower) ?? new Set()).add(upper));
  }
}

/** `eth0.100 | 100 | eth0`, split at blanks already. */
function byBars(fields: readonly string[]): readonly string[] {
  return fields.filter((field) => field !== '|');
}
