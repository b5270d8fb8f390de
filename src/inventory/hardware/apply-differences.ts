/*
 * Shared hardware and what one node's file says besides, to the node's inventory. A fact that the node states replaces the shared
 * one, a fact that it calls unknown takes it away, and everything else is shared: nodes without a difference among their functions
 * have the same list in memory, however many they are.
 */
import { stamp, type PlacedDiagnostic } from '../../diagnostics';
import { compareBdfAddress, type BdfAddress, type NodeHardware, type PciFunction } from '../../model';
import { keyPlace, placeAt, type Place } from '../../source';
import { SHARED_FACT_KEYS, type DIFFERENCE_KEYS, type DIFFERING_KEYS } from '../inventory-document';
import type { MachineFacts } from '../machine-facts';
import { UNMATCHED_DIFFERENCE } from '../problems';
import { listedNames } from '../wording';

/** What a node's file says of one address. */
export interface FunctionDifference {
  /** What it states; the rest is unknown to it, and shared. */
  readonly fact: PciFunction;
  /** The hardware does not have it. */
  readonly isAdded: boolean;
  /** The hardware has it, the node does not. */
  readonly isRemoved: boolean;
  /** Facts that the hardware knows and that are not known of the node. */
  readonly unknown: readonly (typeof DIFFERING_KEYS)[number][];
}

/** What a node's file says besides naming its hardware. */
export interface InventoryDifferences {
  readonly facts: MachineFacts;
  readonly unknown: readonly (typeof SHARED_FACT_KEYS)[number][];
  readonly functions: readonly FunctionDifference[];
}

/** Facts about one card, not about where it stands and what it is connected to: the shared line shows the others. */
const OWN_FACTS: ReadonlySet<string> = new Set(['address', 'serial', 'hostUse'] satisfies (keyof PciFunction)[]);

/** The machine as the node's file and its hardware together say, with the differences that fit no function. */
export function applyDifferences(
  hardware: NodeHardware,
  { facts, unknown, functions }: InventoryDifferences,
): {
  readonly machine: MachineFacts;
  readonly functions: readonly PciFunction[];
  readonly problems: readonly PlacedDiagnostic[];
} {
  const shared = (key: (typeof SHARED_FACT_KEYS)[number]): unknown => {
    return facts[key] !== undefined || unknown.includes(key) ? facts[key] : hardware[key];
  };
  const machine = { ...facts, ...Object.fromEntries(SHARED_FACT_KEYS.map((key) => [key, shared(key)])) };
  return { machine, ...functionsOf(hardware, functions) };
}

function functionsOf(
  hardware: NodeHardware,
  differences: readonly FunctionDifference[],
): { readonly functions: readonly PciFunction[]; readonly problems: readonly PlacedDiagnostic[] } {
  if (differences.length === 0) return { functions: hardware.functions, problems: [] };
  const byAddress = new Map<BdfAddress, PciFunction>(hardware.functions.map((fact) => [fact.address, fact]));
  const unmatched: FunctionDifference[] = [];
  for (const difference of differences) {
    const { fact, isAdded, isRemoved } = difference;
    const base = byAddress.get(fact.address);
    if (isAdded ? base !== undefined || isRemoved : base === undefined) unmatched.push(difference);
    else if (isRemoved) byAddress.delete(fact.address);
    else byAddress.set(fact.address, base === undefined ? fact : differing(base, difference));
  }
  return {
    functions: [...byAddress.values()].sort((a, b) => compareBdfAddress(a.address, b.address)),
    problems: unmatchedDifferences(hardware, unmatched),
  };
}

function differing(base: PciFunction, { fact, unknown }: FunctionDifference): PciFunction {
  const stated = Object.entries(fact).filter(([key, value]) => key !== 'place' && value !== undefined);
  const isUnknown = Object.fromEntries(unknown.map((key) => [key, undefined]));
  const isElsewhere = [...stated.map(([key]) => key), ...unknown].every((key) => OWN_FACTS.has(key));
  return {
    ...base,
    ...isUnknown,
    ...Object.fromEntries(stated),
    place: isElsewhere ? base.place : fact.place,
  };
}

/** One finding for all: they have one cause, which is most often the name of another hardware. */
function unmatchedDifferences(
  hardware: NodeHardware,
  unmatched: readonly FunctionDifference[],
): readonly PlacedDiagnostic[] {
  const [first, ...others] = unmatched;
  if (first === undefined) return [];
  const addresses = listedNames(unmatched.map(({ fact }) => fact.address));
  const [message, text, help] = first.isAdded
    ? first.isRemoved
      ? [`${first.fact.address} is both added and removed`, 'it is one of the two', 'leave out one of the two keys']
      : [
          `${first.fact.address} is added to hardware ${hardware.name}, which has it`,
          'the hardware has this function',
          'leave out `added`, and state what differs',
        ]
    : [
        `${first.fact.address} is no function of hardware ${hardware.name}`,
        'a difference from nothing',
        'correct the address, or write `added: true` where the hardware lacks the function',
      ];
  return [
    stamp(UNMATCHED_DIFFERENCE, {
      message,
      primary: { at: spotOf(first), text },
      notes: others.length === 0 ? [] : [`the same goes for others: ${addresses}`],
      help: [help],
    }),
  ];
}

function spotOf({ fact, isAdded }: FunctionDifference): Place {
  const key: (typeof DIFFERENCE_KEYS)[number] = isAdded ? 'added' : 'address';
  return isAdded ? keyPlace(placeAt(fact.place, key)) : placeAt(fact.place, key);
}
