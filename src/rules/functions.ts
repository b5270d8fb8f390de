import { selectorIds, type AnalysedFunction, type Analysis, type PreparationUnit } from '../analysis';
import type { Label } from '../diagnostics';
import {
  parseBdfAddress,
  type BdfAddress,
  type DeclaredAddress,
  type HostUse,
  type HostUseKind,
  type Passthrough,
} from '../model';
import { placeAt, type Place } from '../source';
import { fittingLabel } from './words';

/** A function with its node, the way every message names it: `0000:5e:00.0 on node03`. */
export function functionInWords({ fact, node }: AnalysedFunction): string {
  return `${fact.address} on ${node}`;
}

/** Whether the host is known to use it. */
export function isHostUsed({ hostUse }: AnalysedFunction): boolean {
  return hostUse !== undefined && hostUse.length > 0;
}

const USE_IN_WORDS: Readonly<Record<Exclude<HostUseKind, 'other'>, string>> = {
  'root-disk': 'root disk',
  boot: 'boot device',
  swap: 'swap',
  'container-storage': 'container storage',
  'management-nic': 'management NIC',
  console: 'console',
};

/** What the host does with a function: `root disk: / on /dev/nvme0n1p2`, or what people wrote: `Ceph OSD`. */
export function hostUseInWords({ kind, reason }: HostUse): string {
  if (kind === 'other') return reason;
  return reason === '' ? USE_IN_WORDS[kind] : `${USE_IN_WORDS[kind]}: ${reason}`;
}

/** All uses of one function in one clause. */
export function hostUsesInWords({ hostUse }: AnalysedFunction): string {
  return (hostUse ?? []).map(hostUseInWords).join('; ');
}

const BOUND = new WeakMap<Analysis, ReadonlyMap<Passthrough, readonly AnalysedFunction[]>>();

/** The functions that a declaration hands over or binds along, on every node that the fleet knows. */
export function boundBy(
  analysis: Analysis,
  passthrough: Passthrough,
  role: 'device' | 'companion' | 'either',
): AnalysedFunction[] {
  // several rules ask for every declaration: one walk over all functions serves them all
  let byPassthrough = BOUND.get(analysis);
  if (byPassthrough === undefined) BOUND.set(analysis, (byPassthrough = indexBindings(analysis)));
  return (byPassthrough.get(passthrough) ?? []).filter(({ bindings }) =>
    bindings.some((binding) => binding.passthrough === passthrough && (role === 'either' || binding.role === role)),
  );
}

function indexBindings(analysis: Analysis): Map<Passthrough, AnalysedFunction[]> {
  const index = new Map<Passthrough, AnalysedFunction[]>();
  for (const { functions } of analysis.nodes) {
    for (const one of functions) {
      if (one.bindings.length === 0) continue;
      for (const passthrough of new Set(one.bindings.map((binding) => binding.passthrough))) {
        const known = index.get(passthrough);
        if (known === undefined) index.set(passthrough, [one]);
        else known.push(one);
      }
    }
  }
  return index;
}

/** The addresses that a declaration lists, with the nodes that each is meant for. */
export function listedAddresses(
  passthrough: Passthrough,
  nodesOfPool: readonly string[],
): { readonly declared: DeclaredAddress; readonly nodes: readonly string[] }[] {
  const { addresses } = passthrough;
  switch (addresses.kind) {
    case 'all-matching':
      return [];
    case 'every-node':
      return addresses.addresses.map((declared) => ({ declared, nodes: nodesOfPool }));
    case 'by-node':
      return addresses.byNode.flatMap(({ node, addresses: declared }) =>
        declared.map((one) => ({ declared: one, nodes: [node] })),
      );
  }
}

/** Addresses that a declaration lists, for devices and for companions, with the nodes that each is meant for. */
export function namedByAddress(
  passthrough: Passthrough,
  nodesOfPool: readonly string[],
): ReturnType<typeof listedAddresses> {
  const companions = (passthrough.companions ?? []).flatMap(({ text, place }) => {
    const parsed = parseBdfAddress(text);
    return parsed.ok ? [{ declared: { text, address: parsed.value, place }, nodes: nodesOfPool }] : [];
  });
  return [...listedAddresses(passthrough, nodesOfPool), ...companions];
}

/** Where a declaration lists an address for a node; undefined where it takes whatever its selector matches. */
export function listedPlace(passthrough: Passthrough, node: string, address: BdfAddress): Place | undefined {
  const found = namedByAddress(passthrough, [node]).find(
    ({ declared, nodes }) => declared.address === address && nodes.includes(node),
  );
  return found?.declared.place;
}

/** Where a passthrough entry names its device: the spot for what concerns the whole entry. */
export function entryPlace(passthrough: Passthrough): Place {
  return placeAt(passthrough.place, 'device');
}

/** The inventory's lines of the first few functions, as second places of a finding. */
export function inventoryLabels(
  functions: readonly AnalysedFunction[],
  textOf: (one: AnalysedFunction) => string,
  atMost = 3,
): Label<Place>[] {
  return functions.slice(0, atMost).map((one) => ({ at: one.fact.place, text: fittingLabel(textOf(one), one.node) }));
}

/**
 * The units that a unit's list of ids reaches besides itself: custom pools inherit the files of `worker`, unless they have a
 * list of their own.
 */
export function inheritingUnits(analysis: Analysis, unit: PreparationUnit): PreparationUnit[] {
  if (unit.name !== 'worker') return [];
  return analysis.units.filter(({ isCustom, effects }) => isCustom && effects.ids.length === 0);
}

/** The functions that a unit's `ids=` claims: vfio-pci takes every function with the id, on every node that gets the list. */
export function claimedById(
  analysis: Analysis,
  unit: PreparationUnit,
  choice: PreparationUnit['strategies'][number],
): AnalysedFunction[] {
  const ids = new Set<string>(selectorIds(analysis.deviceByName.get(choice.passthrough.device)));
  return [unit, ...inheritingUnits(analysis, unit)]
    .flatMap(({ nodes }) => nodes)
    .flatMap(({ functions }) => functions.filter(({ fact }) => fact.id !== undefined && ids.has(fact.id)));
}
